using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Evaluation.Metrics;

namespace Landfall.Platform.Evaluation;

/// <summary>All metrics, by name.</summary>
public sealed class MetricRegistry
{
    private readonly Dictionary<string, IMetric> _byName;

    public MetricRegistry(IEnumerable<IMetric> metrics)
    {
        All = [.. metrics];
        _byName = All.ToDictionary(metric => metric.Name, StringComparer.Ordinal);
    }

    /// <summary>The metrics that Landfall brings, in the order in which they are shown.</summary>
    public static MetricRegistry BuiltIn { get; } = new(
    [
        new Accuracy(), new MacroF1(), new InScopeAccuracy(), new OutOfScopeRecall(), new OutOfScopePrecision(), new ExactMatch(),
        new TokenF1(), new RougeL(), new Bleu(), new Chrf(), new JsonValidity(), new LatencyP50(), new LatencyP95(), new Tokens(),
        new CostPer1000Requests(), new PassHatKMetric(), new GoalCompletion(), new Turns(), new TurnLatency(),
    ]);

    public IReadOnlyList<IMetric> All { get; }

    public IEnumerable<string> Names => All.Select(metric => metric.Name);

    /// <summary>The metric of that name, or null.</summary>
    public IMetric? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The metric of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public IMetric Get(string name) =>
        Find(name) ?? throw new KeyNotFoundException(
            $"There is no metric '{name}'{(Nearest(name) is { } near ? $"; did you mean '{near}'?" : $". Take one of: {string.Join(", ", Names)}.")}");

    /// <summary>The name that was probably meant, or null when none is near.</summary>
    public string? Nearest(string name)
    {
        var typed = name.Trim().ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
        var (best, distance) = All
            .Select(metric => (metric.Name, Distance: EditDistance(typed, metric.Name)))
            .MinBy(candidate => candidate.Distance);
        return distance <= Math.Max(2, typed.Length / 3) ? best : All.FirstOrDefault(metric => typed.Length > 2 && metric.Name.Contains(typed, StringComparison.Ordinal))?.Name;
    }

    /// <summary>The metrics that a brief's answers can be measured by.</summary>
    public IReadOnlyList<IMetric> For(Brief brief) =>
        [.. Of(brief).All.Where(metric => metric.Outputs.Contains(brief.Output) && (!metric.NeedsOutOfScope || brief.Scope?.Out is not null) && metric.Fits(brief))];

    /// <summary>These metrics and the brief's judges.</summary>
    public MetricRegistry Of(Brief brief) =>
        brief.Judges.Count == 0 ? this : new MetricRegistry([.. All.Where(metric => !BriefJudge.IsMetric(metric.Name)), .. brief.Judges.Select(judge => new JudgeMetric(judge))]);

    /// <summary>The metric that candidates are compared by when the brief's targets name none of quality.</summary>
    public IMetric Main(OutputKind output) => Get(output switch
    {
        OutputKind.Label => "accuracy",
        OutputKind.Json => "exact-match",
        _ => "token-f1",
    });

    /// <summary>Levenshtein's distance with swaps of neighbours (optimal string alignment).</summary>
    private static int EditDistance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var change = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(change, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[a.Length, b.Length];
    }
}
