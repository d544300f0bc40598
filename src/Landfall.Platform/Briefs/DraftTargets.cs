using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Briefs;

/// <summary>A target of a draft and why it was chosen.</summary>
internal sealed record DraftTarget(string Metric, double Bound, string Reason);

/// <summary>Chooses targets that the test rows at hand can prove.</summary>
internal static class DraftTargets
{
    private const double Confidence = BriefKeys.DefaultConfidence;

    /// <summary>What trained techniques usually take away of the errors that the nearest rows make.</summary>
    private const double UsualGain = 1.0 / 3;

    private static readonly double[] s_bounds = [0.99, 0.98, 0.97, .. Enumerable.Range(1, 19).Select(i => Math.Round(0.95 - (0.05 * (i - 1)), 2))];

    public static IReadOnlyList<DraftTarget> Choose(DraftProfile profile, DraftSplit split, IMetricCatalogue metrics, int compared)
    {
        var baseline = profile.Output == OutputKind.Label ? split.Baseline : null;
        var inScope = split.TestRows - split.TestOutOfScope;
        return profile.Output switch
        {
            OutputKind.Label when profile.OutOfScopeLabel is not null && split.TestOutOfScope > 0 && inScope > 0 =>
            [
                Accuracy("in-scope-accuracy", baseline, inScope, compared),
                Proportion("out-of-scope-recall", ceiling: 0.80, split.TestOutOfScope, compared),
            ],
            OutputKind.Label => [Accuracy("accuracy", baseline, split.TestRows, compared)],
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

        var provable = s_bounds.FirstOrDefault(b => b <= ceiling && SampleSize.RowsIfAllRight(b, confidence) <= rows, s_bounds[^1]);
        return new DraftTarget(metric, provable, $"{metric} at-least {Shown.Number(provable)}: with only {Shown.Count(rows)} test rows nothing higher can be proven, and this only if all answers are right. Add rows.");
    }

    /// <summary>A bound above what costs nothing, up to what data like this usually reaches, that the rows can prove.</summary>
    private static DraftTarget Accuracy(string metric, DraftBaseline? baseline, long rows, int compared)
    {
        if (baseline is null)
        {
            return Proportion(metric, ceiling: 0.90, rows, compared);
        }

        // Where one label is most of the rows, a bound of .9 may cost nothing: the aim lies half-way from there to perfection.
        var floor = baseline.MajorityShare;
        var aim = Math.Min(Math.Max(0.90, (1 + floor) / 2), Math.Round(baseline.NearestShare + (UsualGain * (1 - baseline.NearestShare)), 4));
        var confidence = 1 - ((1 - Confidence) / compared);
        var between = s_bounds.Where(b => b > floor && b <= Math.Max(aim, floor + 0.05)).ToList();
        var why = $"On {Shown.Count(baseline.Rows)} test rows, always answering {Shown.Text(baseline.Majority)} is right for {Shown.Percent(Math.Round(baseline.MajorityShare, 2))} and the five nearest train rows for {Shown.Percent(Math.Round(baseline.NearestShare, 2))}; trained techniques usually take away a third of the latter's errors.";
        foreach (var bound in between.Where(b => TestSizeRules.RowsForProof(b, confidence) <= rows))
        {
            return new DraftTarget(metric, bound, $"{metric} at-least {Shown.Number(bound)}: {why} {Shown.Count(rows)} test rows can well prove it.");
        }

        foreach (var bound in between.Where(b => SampleSize.RowsIfAllRight(b, confidence) <= rows))
        {
            return new DraftTarget(metric, bound, $"{metric} at-least {Shown.Number(bound)}: {why} With only {Shown.Count(rows)} test rows it is proven only if nearly all answers are right. Add rows.");
        }

        var provable = s_bounds.FirstOrDefault(b => b <= aim && SampleSize.RowsIfAllRight(b, confidence) <= rows, s_bounds[^1]);
        return new DraftTarget(metric, provable, $"{metric} at-least {Shown.Number(provable)}: {why} Nothing above that can be proven with {Shown.Count(rows)} test rows, so that this bound says little. Add rows, and raise it.");
    }

    private static DraftTarget FreeText(IMetricCatalogue metrics)
    {
        var metric = new[] { "token-f1", "rouge-l" }.FirstOrDefault(n => metrics.TryGet(n, out var facts) && facts.AppliesTo.Contains(OutputKind.Text)) ?? "exact-match";
        return new DraftTarget(metric, 0.5, $"{metric} at-least 0.5: a first guess for free text. Replace it by what your users need.");
    }
}
