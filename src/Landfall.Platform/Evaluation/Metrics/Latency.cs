using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>A quantile of an answer's wall time, in milliseconds.</summary>
public abstract class Latency(string name, double probability) : IMetric
{
    public string Name => name;

    public MetricKind Kind => MetricKind.Quantile;

    public ValueRange Range => ValueRange.NonNegative;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public bool HigherIsBetter => false;

    public bool IsQuality => false;

    public double Probability => probability;

    public double[]? Score(Observation observation, MetricContext context) => [observation.LatencyMs];
}
