using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The share of out-of-scope examples that are recognised as such.</summary>
public sealed class OutOfScopeRecall : IMetric
{
    public string Name => "out-of-scope-recall";

    public MetricKind Kind => MetricKind.Proportion;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs { get; } = [.. OutputKinds.Labels, .. OutputKinds.Texts];

    public bool NeedsOutOfScope => true;

    public MeasuredRows Rows => MeasuredRows.OutOfScope;

    public string CacheKey(MetricContext context) => $"{Name}/1{context.ScopeKey}";

    public double[]? Score(Observation observation, MetricContext context) =>
        context.IsOutOfScope(observation.Row.Expected) ? [context.IsOutOfScope(observation.Got) ? 1 : 0] : null;
}
