using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation;

/// <summary>What a metric is to statistics; it decides which interval and which test fit.</summary>
public enum MetricKind
{
    /// <summary>The share of examples that have a property; each example scores 0 or 1.</summary>
    Proportion,

    /// <summary>The mean of one number per example.</summary>
    Mean,

    /// <summary>A function of counts summed over the examples, such as BLEU or macro F1.</summary>
    Corpus,

    /// <summary>A quantile of one number per example.</summary>
    Quantile,
}

/// <summary>The values that a metric can take, ends included; <see cref="High"/> may be infinite.</summary>
public sealed record ValueRange(double Low, double High)
{
    /// <summary>A fraction.</summary>
    public static ValueRange Fraction { get; } = new(0, 1);

    /// <summary>0 to 100, as sacreBLEU reports its scores.</summary>
    public static ValueRange Percent { get; } = new(0, 100);

    /// <summary>Anything from 0 up.</summary>
    public static ValueRange NonNegative { get; } = new(0, double.PositiveInfinity);

    public bool Contains(double value) => value >= Low && value <= High;
}

/// <summary>
/// A metric by name. One file each, registered by name. The score of an example depends on nothing but that example (and
/// on the brief's <see cref="MetricContext"/>), so it can be cached by (candidate, example, <see cref="CacheKey"/>).
/// </summary>
public interface IMetric
{
    /// <summary>The metric's name in briefs and reports.</summary>
    string Name { get; }

    /// <summary>What it is to statistics.</summary>
    MetricKind Kind { get; }

    /// <summary>The values it can take; a target's bound must be one of them.</summary>
    ValueRange Range { get; }

    /// <summary>The kinds of output it can judge.</summary>
    IReadOnlyList<OutputKind> Outputs { get; }

    /// <summary>Whether more of it is better.</summary>
    bool HigherIsBetter => true;

    /// <summary>Whether it says how good the answers are, rather than what they cost.</summary>
    bool IsQuality => true;

    /// <summary>Whether it needs a brief that names an out-of-scope label.</summary>
    bool NeedsOutOfScope => false;

    /// <summary>Whether it can be measured with what a brief asks for, apart from the kind of output.</summary>
    bool Fits(Brief brief) => true;

    /// <summary>Where scores are given by someone who errs: the bounds that carry that error, in place of the kind's own.</summary>
    IJudgedBounds? Judged => null;

    /// <summary>The test rows that it rests on.</summary>
    MeasuredRows Rows => MeasuredRows.All;

    /// <summary>With <see cref="MetricKind.Quantile"/>: which one, between 0 and 1.</summary>
    double Probability => double.NaN;

    /// <summary>
    /// What a cached score depends on besides the candidate and the example: the name, a version that is raised whenever
    /// the same answer would get another score, and what it uses of the brief.
    /// </summary>
    string CacheKey(MetricContext context) => $"{Name}/1";

    /// <summary>The example's score, or null when the example does not count for this metric.</summary>
    double[]? Score(Observation observation, MetricContext context);

    /// <summary>The metric as a function of sums over scored examples (not for quantiles).</summary>
    AdditiveStatistic Statistic(IReadOnlyList<double[]> scores) => new MeanStatistic(scores);
}
