using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation;

/// <summary>
/// What a candidate makes of a target. A verdict needs a one-sided bound at a level corrected for choosing among candidates
/// and for the looks already taken at the same rows, so that releasing a candidate that is not good enough stays rare.
/// </summary>
public static class TargetJudge
{
    // A bound is found by bisection, so equality with the target holds to this only.
    private const double Slack = 1e-12;

    /// <param name="target">The target.</param>
    /// <param name="metric">Its metric.</param>
    /// <param name="rows">All test rows with their scores; the target's slice is cut here.</param>
    /// <param name="candidates">Candidates compared, at least 1.</param>
    /// <param name="earlierLooks">Looks already taken at these rows.</param>
    public static TargetReport Judge(Target target, IMetric metric, IReadOnlyList<ScoredRow> rows, int candidates, int earlierLooks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(earlierLooks);
        var scores = rows.Where(row => target.On?.Contains(row.Row) ?? true).Select(row => row.Score).OfType<double[]>().ToArray();
        var alpha = (1 - target.Confidence) / ((double)candidates * (earlierLooks + 1));
        var evidence = scores.Length == 0 ? Nothing(metric.Range)
            : metric.Judged is { } judged ? OfJudged(judged.Of(scores, alpha)) : metric.Kind switch
            {
                MetricKind.Proportion => OfProportion(target, scores, alpha),
                MetricKind.Quantile => OfQuantile(target, metric, scores, alpha),
                _ => OfResamples(target, metric, scores, alpha),
            };

        var verdict = Decide(target, evidence);
        return new TargetReport
        {
            Metric = target.Metric,
            On = target.On?.ToString() ?? "test",
            Bound = target.Bound,
            Direction = target.Direction,
            Confidence = target.Confidence,
            Value = evidence.Value,
            Low = evidence.Low,
            High = evidence.High,
            N = scores.Length,
            Verdict = verdict,
            MoreExamples = verdict == Verdict.Undecided ? evidence.More() : null,
        };
    }

    private static Verdict Decide(Target target, Evidence evidence)
    {
        var above = evidence.ProvesLow && evidence.Low >= target.Bound - Slack;
        var below = evidence.ProvesHigh && evidence.High <= target.Bound + Slack;
        var strictlyAbove = evidence.ProvesLow && evidence.Low > target.Bound + Slack;
        var strictlyBelow = evidence.ProvesHigh && evidence.High < target.Bound - Slack;
        var (met, missed) = target.Direction == Direction.AtLeast ? (above, strictlyBelow) : (below, strictlyAbove);
        return met && evidence.CanMeet ? Verdict.Met : missed ? Verdict.Missed : Verdict.Undecided;
    }

    private static Evidence Nothing(ValueRange range) =>
        new(0, range.Low, double.IsFinite(range.High) ? range.High : 0, ProvesLow: false, ProvesHigh: false, CanMeet: false, () => null);

    /// <summary>More test rows do not shrink the part of the error that the judge's calibration brings, so none are named.</summary>
    private static Evidence OfJudged(BoundedValue bounded) =>
        new(bounded.Value, bounded.Low, bounded.High, bounded.Proves, bounded.Proves, bounded.Proves, () => null);

    private static Evidence OfProportion(Target target, double[][] scores, double alpha)
    {
        long n = scores.Length, right = scores.Count(score => score[0] > 0.5);
        return new Evidence(
            (double)right / n,
            Binomial.LowerBound(right, n, alpha),
            Binomial.UpperBound(right, n, alpha),
            ProvesLow: true,
            ProvesHigh: true,
            CanMeet: true,
            () => MoreExamples.ForProportion(right, n, target.Bound, alpha));
    }

    /// <summary>"The p-quantile is at most B" says the same as "the share of rows at or below B is at least p".</summary>
    private static Evidence OfQuantile(Target target, IMetric metric, double[][] scores, double alpha)
    {
        var sorted = Estimator.Sorted(scores);
        int n = sorted.Length, lower = OrderStatistics.LowerRank(n, metric.Probability, alpha), upper = OrderStatistics.UpperRank(n, metric.Probability, alpha);
        return new Evidence(
            OrderStatistics.Quantile(sorted, metric.Probability),
            lower == 0 ? metric.Range.Low : sorted[lower - 1],
            sorted[Math.Min(upper, n) - 1],
            ProvesLow: lower > 0,
            ProvesHigh: upper <= n,
            CanMeet: true,
            () => MoreExamples.ForProportion(sorted.Count(value => value <= target.Bound), n, metric.Probability, alpha));
    }

    private static Evidence OfResamples(Target target, IMetric metric, double[][] scores, double alpha)
    {
        var bootstrap = Bootstrap.Run(metric.Statistic(scores), Bootstrap.ResamplesFor(alpha));
        var (low, high) = ResampledBounds.Of(bootstrap, metric.Range, scores.Length, alpha);
        var value = bootstrap.Estimate;
        if (!bootstrap.HasWidth)
        {
            return new Evidence(value, low, high, ProvesLow: true, double.IsFinite(metric.Range.High), CanMeet: false, () => null);
        }

        var reaches = Bootstrap.Reaches(alpha);
        return new Evidence(
            value, low, high, reaches, reaches, CanMeet: true,
            () => reaches ? MoreExamples.ForMean(value, value > target.Bound ? low : high, scores.Length, target.Bound, alpha) : null);
    }

    /// <summary>An estimate with its one-sided bounds, and whether each bound exists.</summary>
    private sealed record Evidence(double Value, double Low, double High, bool ProvesLow, bool ProvesHigh, bool CanMeet, Func<long?> More);
}
