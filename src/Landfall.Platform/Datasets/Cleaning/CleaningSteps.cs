using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>The registered steps, in the order in which they are taken and applied.</summary>
public sealed class CleaningSteps(IEnumerable<ICleaningStep> steps)
{
    private readonly IReadOnlyList<ICleaningStep> _steps = [.. steps];

    public IReadOnlyList<string> Names => [.. _steps.Select(s => s.Name)];

    /// <summary>The steps of these names; all when none is given, without those that lack a test version.</summary>
    /// <exception cref="RunFailedException">A name is unknown, or a step lacks the test version.</exception>
    public IReadOnlyList<ICleaningStep> Choose(IReadOnlyList<string> names, bool hasTest)
    {
        if (names.Count == 0)
        {
            return [.. _steps.Where(s => hasTest || !s.NeedsTest)];
        }

        var unknown = names.Where(n => Find(n) is null).ToList();
        if (unknown.Count > 0)
        {
            throw new RunFailedException($"There is no cleaning step '{unknown[0]}'. There are: {string.Join(", ", Names)}.", ErrorCodes.BadRequest);
        }

        var chosen = _steps.Where(s => names.Contains(s.Name, StringComparer.Ordinal)).ToList();
        return chosen.Find(s => s.NeedsTest && !hasTest) is { } lacking
            ? throw new RunFailedException($"The step '{lacking.Name}' compares with a test version: name it (--against, or testVersion).", ErrorCodes.BadRequest)
            : chosen;
    }

    public ICleaningStep? Find(string name) => _steps.FirstOrDefault(s => s.Name == name);
}
