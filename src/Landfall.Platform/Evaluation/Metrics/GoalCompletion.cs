using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The share of conversations that reach their goal. One whose user could not be simulated counts as not reached.</summary>
public sealed class GoalCompletion : IMetric
{
    public string Name => "goal-completion";

    public MetricKind Kind => MetricKind.Proportion;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public bool Fits(Brief brief) => brief.Conversations is not null;

    public string CacheKey(MetricContext context) => $"{Name}/1/{context.ConversationKey}";

    public double[]? Score(Observation observation, MetricContext context) => observation.Conversation is { } talk ? [talk.Reached ? 1 : 0] : null;
}
