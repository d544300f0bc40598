using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The share of examples whose label is the expected one.</summary>
public sealed class Accuracy : IMetric
{
    public string Name => "accuracy";

    public MetricKind Kind => MetricKind.Proportion;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Labels;

    public string CacheKey(MetricContext context) => $"{Name}/1{context.ScopeKey}";

    public double[]? Score(Observation observation, MetricContext context) =>
        [context.SameLabel(observation.Row.Expected, observation.Got) ? 1 : 0];
}
