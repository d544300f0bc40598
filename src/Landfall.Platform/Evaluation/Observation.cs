using Landfall.Platform.Datasets;

namespace Landfall.Platform.Evaluation;

/// <summary>A candidate's answer to one test row, as measured.</summary>
/// <param name="Row">The test row.</param>
/// <param name="Got">The answer's text or label.</param>
/// <param name="Confidence">0 to 1, when there is one.</param>
/// <param name="LatencyMs">Wall time of the answer in milliseconds.</param>
/// <param name="Tokens">Prompt and completion tokens.</param>
/// <param name="CostUsd">Money spent on it.</param>
/// <param name="Call">The call of a language model that it came from, by which the exact request can be opened.</param>
public sealed record Observation(Row Row, string Got, double? Confidence, double LatencyMs, long Tokens, decimal CostUsd, string? Call = null);
