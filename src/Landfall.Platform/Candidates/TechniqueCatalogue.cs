using System.Diagnostics.CodeAnalysis;
using Landfall.Platform.Briefs;
using Landfall.Platform.Search;

namespace Landfall.Platform.Candidates;

/// <summary>The techniques of this release, cheapest first.</summary>
public sealed class TechniqueCatalogue(IEnumerable<ITechnique> techniques) : ITechniqueCatalogue
{
    private readonly IReadOnlyList<ITechnique> _techniques = [.. techniques.OrderBy(t => t.Rung)];

    public IReadOnlyList<string> Names => [.. _techniques.Select(t => t.Name)];

    public ITechnique? Find(string name) => _techniques.FirstOrDefault(t => t.Name == name);

    public bool TryGetSettings(string name, [NotNullWhen(true)] out IReadOnlyCollection<string>? settings)
    {
        settings = Find(name)?.Settings.Keys.ToArray();
        return settings is not null;
    }

    public bool IsAvailable(string name) => Find(name)?.WhyUnavailable() is null;

    public string? WhyUnfit(string name, Brief brief) => Find(name)?.WhyUnfit(brief);

    public SearchSpace? SpaceOf(string name, Brief brief) => Find(name)?.Space(brief);

    /// <summary>What a brief asks for: its list, or everything that fits. Cheapest first; names that this release lacks are left out.</summary>
    /// <param name="brief">The brief.</param>
    /// <param name="only">Only these techniques; empty for all.</param>
    public IReadOnlyList<(ITechnique Technique, TechniqueRequest Request)> RequestsOf(Brief brief, IReadOnlyList<string> only)
    {
        var requests = brief.Techniques
            ?? [.. _techniques.Where(t => t.WhyUnfit(brief) is null).Select(t => new TechniqueRequest(t.Name, new Dictionary<string, string>(StringComparer.Ordinal)))];
        return [.. requests.Select(r => (Technique: Find(r.Technique)!, Request: r))
            .Where(r => r.Technique is not null && (only.Count == 0 || only.Contains(r.Technique.Name, StringComparer.Ordinal))).OrderBy(r => r.Technique.Rung)];
    }
}
