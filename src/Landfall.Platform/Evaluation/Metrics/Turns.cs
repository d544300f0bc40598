using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The mean number of messages of the app in a conversation.</summary>
public sealed class Turns : IMetric
{
    public string Name => "turns";

    public MetricKind Kind => MetricKind.Mean;

    public ValueRange Range => ValueRange.NonNegative;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public bool HigherIsBetter => false;

    public bool IsQuality => false;

    public bool Fits(Brief brief) => brief.Conversations is not null;

    public string CacheKey(MetricContext context) => $"{Name}/1/{context.ConversationKey}";

    public double[]? Score(Observation observation, MetricContext context) => observation.Conversation is { } talk ? [talk.Answers] : null;
}

/// <summary>
/// The mean wall time of one of the app's messages, in milliseconds. A conversation's score is the pair (sum, messages):
/// conversations are resampled whole, because messages of one conversation are alike.
/// </summary>
public sealed class TurnLatency : IMetric
{
    public string Name => "turn-latency-ms";

    public MetricKind Kind => MetricKind.Corpus;

    public ValueRange Range => ValueRange.NonNegative;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public bool HigherIsBetter => false;

    public bool IsQuality => false;

    public bool Fits(Brief brief) => brief.Conversations is not null;

    public string CacheKey(MetricContext context) => $"{Name}/1/{context.ConversationKey}";

    public double[]? Score(Observation observation, MetricContext context) =>
        observation.Conversation is { Answers: > 0 } talk ? [talk.Turns.Sum(turn => turn.LatencyMs ?? 0), talk.Answers] : null;

    public AdditiveStatistic Statistic(IReadOnlyList<double[]> scores) => new VectorStatistic(scores, width: 2, sums => sums[1] <= 0 ? 0 : sums[0] / sums[1]);
}
