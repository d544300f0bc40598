using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>Of the answers that say "out of scope", the share that is right.</summary>
public sealed class OutOfScopePrecision : IMetric
{
    public string Name => "out-of-scope-precision";

    public MetricKind Kind => MetricKind.Proportion;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs { get; } = [.. OutputKinds.Labels, .. OutputKinds.Texts];

    public bool NeedsOutOfScope => true;

    public MeasuredRows Rows => MeasuredRows.Answered;

    public string CacheKey(MetricContext context) => $"{Name}/1{context.ScopeKey}";

    public double[]? Score(Observation observation, MetricContext context) =>
        context.IsOutOfScope(observation.Got) ? [context.IsOutOfScope(observation.Row.Expected) ? 1 : 0] : null;
}
