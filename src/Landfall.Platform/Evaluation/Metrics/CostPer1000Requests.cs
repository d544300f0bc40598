using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The money that 1,000 requests cost at the mean price of those measured, in US dollars.</summary>
public sealed class CostPer1000Requests : IMetric
{
    public string Name => "cost-per-1k-requests-usd";

    public MetricKind Kind => MetricKind.Mean;

    public ValueRange Range => ValueRange.NonNegative;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public bool HigherIsBetter => false;

    public bool IsQuality => false;

    public double[]? Score(Observation observation, MetricContext context) => [(double)(1_000 * observation.CostUsd)];
}
