using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Briefs;

/// <summary>A target of a draft and why it was chosen.</summary>
internal sealed record DraftTarget(string Metric, double Bound, string Reason);

/// <summary>Chooses targets that the test rows at hand can prove.</summary>
internal static class DraftTargets
{
    private const double Confidence = BriefKeys.DefaultConfidence;

    private static readonly double[] s_bounds = [0.95, 0.90, 0.85, 0.80, 0.75, 0.70, 0.65, 0.60, 0.55, 0.50];

    public static IReadOnlyList<DraftTarget> Choose(DraftProfile profile, DraftSplit split, IMetricCatalogue metrics, int compared)
    {
        var inScope = split.TestRows - split.TestOutOfScope;
        return profile.Output switch
        {
            OutputKind.Label when profile.OutOfScopeLabel is not null && split.TestOutOfScope > 0 && inScope > 0 =>
            [
                Proportion("in-scope-accuracy", ceiling: 0.90, inScope, compared),
                Proportion("out-of-scope-recall", ceiling: 0.80, split.TestOutOfScope, compared),
            ],
            OutputKind.Label => [Proportion("accuracy", ceiling: 0.90, split.TestRows, compared)],
            OutputKind.Json => [Proportion("json-validity", ceiling: 0.95, split.TestRows, compared)],
            _ => [FreeText(metrics)],
        };
    }

    /// <summary>The greatest bound, up to a usual one, that the rows prove with an 80% chance when the truth is somewhat better.</summary>
    private static DraftTarget Proportion(string metric, double ceiling, long rows, int compared)
    {
        // As in a landing: the error is divided among the candidates compared.
        var confidence = 1 - ((1 - Confidence) / compared);
        foreach (var bound in s_bounds.Where(b => b <= ceiling))
        {
            if (TestSizeRules.RowsForProof(bound, confidence) <= rows)
            {
                return new DraftTarget(metric, bound, $"{metric} at-least {Shown.Number(bound)}: {(bound < ceiling ? $"the highest bound that {Shown.Count(rows)} test rows can well prove" : $"a usual expectation, and {Shown.Count(rows)} test rows can prove it")}.");
            }
        }

        var provable = s_bounds.FirstOrDefault(b => SampleSize.RowsIfAllRight(b, confidence) <= rows, s_bounds[^1]);
        return new DraftTarget(metric, provable, $"{metric} at-least {Shown.Number(provable)}: with only {Shown.Count(rows)} test rows nothing higher can be proven, and this only if all answers are right. Add rows.");
    }

    private static DraftTarget FreeText(IMetricCatalogue metrics)
    {
        var metric = new[] { "token-f1", "rouge-l" }.FirstOrDefault(n => metrics.TryGet(n, out var facts) && facts.AppliesTo.Contains(OutputKind.Text)) ?? "exact-match";
        return new DraftTarget(metric, 0.5, $"{metric} at-least 0.5: a first guess for free text. Replace it by what your users need.");
    }
}
