using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>Accuracy over the examples that are in scope. An in-scope message answered as out of scope is wrong.</summary>
public sealed class InScopeAccuracy : IMetric
{
    public string Name => "in-scope-accuracy";

    public MetricKind Kind => MetricKind.Proportion;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Labels;

    public bool NeedsOutOfScope => true;

    public MeasuredRows Rows => MeasuredRows.InScope;

    public string CacheKey(MetricContext context) => $"{Name}/1{context.ScopeKey}";

    public double[]? Score(Observation observation, MetricContext context) =>
        context.IsOutOfScope(observation.Row.Expected) ? null : [context.SameLabel(observation.Row.Expected, observation.Got) ? 1 : 0];
}
