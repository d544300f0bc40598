using System.Globalization;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Metrics;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation.Judging;

/// <summary>
/// What a judge of the brief says of the answers, corrected by what it says of answers that humans labelled. An example's
/// score is the pair (score, whether it was judged): an unjudged answer counts as the worst there is in comparisons, and
/// as the worst or the best in bounds.
/// </summary>
public sealed class JudgeMetric(BriefJudge judge) : IMetric, IJudgedBounds
{
    public string Name => judge.Metric;

    public MetricKind Kind => judge.Scale == JudgeScale.PassFail ? MetricKind.Proportion : MetricKind.Mean;

    public ValueRange Range => judge.Scale == JudgeScale.OneToFive ? new ValueRange(1, 5) : ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public IJudgedBounds? Judged => this;

    public BriefJudge Judge => judge;

    public string CacheKey(MetricContext context) => string.Create(CultureInfo.InvariantCulture, $"{Name}/1/{context.JudgeKeys.GetValueOrDefault(judge.Name, "")}");

    public double[]? Score(Observation observation, MetricContext context) =>
        !observation.Judgements.TryGetValue(judge.Name, out var judgement) ? null
        : judgement.Score is { } score ? [score, 1]
        : [Range.Low, 0];

    public BoundedValue Of(IReadOnlyList<double[]> scores, double alpha)
    {
        double[] judged = [.. scores.Where(score => score[1] > 0.5).Select(score => score[0])];
        if (judged.Length == 0)
        {
            return new BoundedValue(Range.Low, Range.Low, Range.High, Proves: false);
        }

        var bounded = judge.Scale == JudgeScale.PassFail ? Share(judged, alpha) : Mean(judged, alpha);
        double seen = (double)judged.Length / scores.Count;
        return bounded with
        {
            Low = (seen * bounded.Low) + ((1 - seen) * Range.Low),
            High = (seen * bounded.High) + ((1 - seen) * Range.High),
        };
    }

    private BoundedValue Share(double[] judged, double alpha)
    {
        long passed = judged.LongCount(score => score > 0.5), n = judged.Length;
        if (judge.Evidence is not { } evidence)
        {
            return new BoundedValue((double)passed / n, Binomial.LowerBound(passed, n, alpha), Binomial.UpperBound(passed, n, alpha), Proves: true);
        }

        var table = evidence.Table();
        return new BoundedValue(
            CorrectedShare.Estimate(passed, n, table), CorrectedShare.LowerBound(passed, n, table, alpha), CorrectedShare.UpperBound(passed, n, table, alpha), table.WhyUseless is null);
    }

    private BoundedValue Mean(double[] judged, double alpha)
    {
        // An uncalibrated judge is taken at its word.
        var differences = judge.Evidence is { } evidence ? evidence.Differences() : [0, 0];
        if (differences.Length < 2 || judged.Length < 2)
        {
            return new BoundedValue(judged.Average(), Range.Low, Range.High, Proves: false);
        }

        var value = Math.Clamp(CorrectedMean.Estimate(judged, differences), Range.Low, Range.High);
        var reach = -Normal.Quantile(alpha) * CorrectedMean.StandardError(judged, differences);

        // Never tighter than what unseen rows allow (ResampledBounds says why).
        var seen = Math.Pow(alpha, 1.0 / judged.Length);
        return new BoundedValue(
            value,
            Math.Max(Range.Low, Math.Min(value - reach, (seen * value) + ((1 - seen) * Range.Low))),
            Math.Min(Range.High, Math.Max(value + reach, (seen * value) + ((1 - seen) * Range.High))),
            Proves: true);
    }
}
