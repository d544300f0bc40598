using Landfall.Platform.Evaluation.Statistics;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation;

/// <summary>A metric's value with its two-sided 95% interval.</summary>
public static class Estimator
{
    public const double Confidence = 0.95;

    /// <summary>
    /// The interval by the judge's error where a judge scores, by Wilson for proportions, by order statistics for quantiles, and by the bootstrap for all else. Without
    /// an example that counts, the value is 0 with N = 0, and the interval is the metric's range where that is finite.
    /// </summary>
    public static MetricValue Estimate(IMetric metric, IEnumerable<double[]?> scores)
    {
        var counted = scores.OfType<double[]>().ToArray();
        if (counted.Length == 0)
        {
            return new MetricValue(0, metric.Range.Low, double.IsFinite(metric.Range.High) ? metric.Range.High : 0, 0);
        }

        if (metric.Judged is { } judged)
        {
            var bounded = judged.Of(counted, (1 - Confidence) / 2);
            return new MetricValue(bounded.Value, bounded.Low, bounded.High, counted.Length);
        }

        return metric.Kind switch
        {
            MetricKind.Proportion => Proportion(counted),
            MetricKind.Quantile => Quantile(metric, counted),
            _ => Resampled(metric, counted),
        };
    }

    private static MetricValue Proportion(double[][] scores)
    {
        long right = scores.Count(score => score[0] > 0.5);
        var (low, high) = Wilson.Interval(right, scores.Length);
        return new MetricValue((double)right / scores.Length, low, high, scores.Length);
    }

    private static MetricValue Quantile(IMetric metric, double[][] scores)
    {
        var sorted = Sorted(scores);
        var (lower, upper) = OrderStatistics.IntervalRanks(sorted.Length, metric.Probability, Confidence);
        return new MetricValue(
            OrderStatistics.Quantile(sorted, metric.Probability), lower == 0 ? metric.Range.Low : sorted[lower - 1], sorted[upper - 1], sorted.Length);
    }

    private static MetricValue Resampled(IMetric metric, double[][] scores)
    {
        var bootstrap = Bootstrap.Run(metric.Statistic(scores));
        var (low, high) = ResampledBounds.Of(bootstrap, metric.Range, scores.Length, (1 - Confidence) / 2);
        return new MetricValue(bootstrap.Estimate, low, high, scores.Length);
    }

    internal static double[] Sorted(double[][] scores)
    {
        var sorted = Array.ConvertAll(scores, score => score[0]);
        Array.Sort(sorted);
        return sorted;
    }
}
