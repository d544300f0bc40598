using Landfall.Protocol.Reports;

namespace Landfall.Platform.Briefs;

/// <summary>Checks targets against the metrics that exist and against each other.</summary>
internal static class TargetRules
{
    public static void Check(BriefFindings findings, IMetricCatalogue metrics)
    {
        foreach (var target in findings.Parts.Targets)
        {
            CheckMetric(target, findings, metrics);
        }

        CheckPairs(findings);
    }

    private static void CheckMetric(TargetParts target, BriefFindings findings, IMetricCatalogue metrics)
    {
        if (target.Metric is not { } name)
        {
            return;
        }

        var field = $"{target.Field}.metric";
        if (!metrics.TryGet(name, out var facts))
        {
            if (BriefMetrics.NeedOf(name) is { } need)
            {
                findings.Error("metric-needs", field, $"'{name}' needs {need} in the brief. Add it, or choose another metric.");
                return;
            }

            findings.Error("unknown-metric", field, $"There is no metric {Shown.Text(name)}.{NearestName.Hint(name, metrics.Names)} The metrics are {string.Join(", ", Fitting(findings, metrics))}.");
            return;
        }

        if (findings.Parts.Output is { } output && !facts.AppliesTo.Contains(output))
        {
            findings.Error("metric-unfit", field, $"'{name}' does not measure output of kind {BriefKeys.WordOf(output)}. Metrics that do: {string.Join(", ", Fitting(findings, metrics))}.");
        }

        if (target.Bound is { } bound)
        {
            CheckBound(target, bound, facts, findings);
        }
    }

    private static void CheckBound(TargetParts target, double bound, MetricFacts facts, BriefFindings findings)
    {
        var field = $"{target.Field}.{BriefKeys.WordOf(target.Direction)}";
        if (bound < facts.MinBound || bound > facts.MaxBound)
        {
            var limits = double.IsFinite(facts.MaxBound)
                ? $"between {Shown.Number(facts.MinBound)} and {Shown.Number(facts.MaxBound)}"
                : $"{Shown.Number(facts.MinBound)} or more";
            var hint = facts.MaxBound <= 1 && bound is > 1 and <= 100 ? $" Rates are fractions: write {Shown.Number(bound / 100)}." : " Correct it.";
            findings.Error("bound-range", field, $"A bound on '{facts.Name}' must be {limits}; found {Shown.Number(bound)}.{hint}");
            return;
        }

        var wanted = facts.HigherIsBetter ? Direction.AtLeast : Direction.AtMost;
        if (target.Direction != wanted)
        {
            findings.Warn("odd-direction", field, $"'{facts.Name}' is better when {(facts.HigherIsBetter ? "higher" : "lower")}, and the target asks for {BriefKeys.WordOf(target.Direction)}. Did you mean {BriefKeys.WordOf(wanted)}?");
        }
    }

    /// <summary>Targets on the same metric and slice: two of one direction are doubles, two bounds that no value meets contradict.</summary>
    private static void CheckPairs(BriefFindings findings)
    {
        var seen = new Dictionary<(string Metric, Slice? On, Direction Direction), TargetParts>();
        foreach (var target in findings.Parts.Targets)
        {
            if (target is not { Metric: { } metric, Bound: { } bound, SliceIsKnown: true })
            {
                continue;
            }

            if (!seen.TryAdd((metric, target.On, target.Direction), target))
            {
                var earlier = seen[(metric, target.On, target.Direction)];
                findings.Error("duplicate-target", target.Field, $"'{target.Words}' repeats the target on line {findings.LineOf(earlier.Field)} ('{earlier.Words}'). Keep the one that counts.");
                continue;
            }

            var opposite = target.Direction == Direction.AtLeast ? Direction.AtMost : Direction.AtLeast;
            if (seen.TryGetValue((metric, target.On, opposite), out var other)
                && (target.Direction == Direction.AtLeast ? bound > other.Bound : bound < other.Bound))
            {
                findings.Error("contradictory-targets", target.Field, $"No value can satisfy '{target.Words}' and '{other.Words}' (line {findings.LineOf(other.Field)}). Change one of the bounds.");
            }
        }
    }

    private static IEnumerable<string> Fitting(BriefFindings findings, IMetricCatalogue metrics) =>
        metrics.Names.Where(n => findings.Parts.Output is not { } output || (metrics.TryGet(n, out var f) && f.AppliesTo.Contains(output))).Order(StringComparer.Ordinal);
}
