using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation.Conversations;
using Landfall.Platform.Evaluation.Judging;

namespace Landfall.Platform.Evaluation;

/// <summary>A candidate's answer to one test row, as measured.</summary>
/// <param name="Row">The test row.</param>
/// <param name="Got">The answer's text or label.</param>
/// <param name="Confidence">0 to 1, when there is one.</param>
/// <param name="LatencyMs">Wall time of the answer in milliseconds.</param>
/// <param name="Tokens">Prompt and completion tokens.</param>
/// <param name="CostUsd">Money spent on it.</param>
/// <param name="Call">The call of a language model that it came from, by which the exact request can be opened.</param>
public sealed record Observation(Row Row, string Got, double? Confidence, double LatencyMs, long Tokens, decimal CostUsd, string? Call = null)
{
    /// <summary>What judges say of it, by the judge's name.</summary>
    public IReadOnlyDictionary<string, Judgement> Judgements { get; init; } = new Dictionary<string, Judgement>(StringComparer.Ordinal);

    /// <summary>With a brief that repeats rows: all answers to the row, this one first.</summary>
    public IReadOnlyList<Observation> Attempts { get; init; } = [];

    /// <summary>With a brief of conversations: the conversation; <see cref="Got"/> is the app's last message.</summary>
    public Conversation? Conversation { get; init; }
}
