using System.Text.Json.Serialization;

namespace Landfall.Platform.Evaluation.Conversations;

/// <summary>One message of a talked-through conversation.</summary>
/// <param name="Role"><c>user</c> (simulated) or <c>assistant</c> (the app).</param>
/// <param name="Content">Its text.</param>
/// <param name="LatencyMs">With the app's: its wall time.</param>
/// <param name="Tokens">With the app's: tokens read and written.</param>
/// <param name="CostUsd">Money spent on it.</param>
/// <param name="Call">The paid call that it came from, if any.</param>
public sealed record ConversationTurn(string Role, string Content, double? LatencyMs = null, long Tokens = 0, decimal CostUsd = 0, string? Call = null);

/// <summary>A conversation of a simulated user with the app.</summary>
/// <param name="Turns">All messages in order.</param>
/// <param name="Reached">Whether the goal was reached.</param>
/// <param name="Why">Why it ended, and what the goal's check says, in a sentence.</param>
/// <param name="Problem">Why the user could not be simulated to the end, or null.</param>
public sealed record Conversation(IReadOnlyList<ConversationTurn> Turns, bool Reached, string Why, string? Problem = null)
{
    /// <summary>The app's messages.</summary>
    [JsonIgnore]
    public int Answers => Turns.Count(turn => turn.Role == "assistant");

    /// <summary>The app's last message.</summary>
    [JsonIgnore]
    public string LastAnswer => Turns.LastOrDefault(turn => turn.Role == "assistant")?.Content ?? "";

    /// <summary>All messages as one text, for judges.</summary>
    public string AsText() => string.Join("\n\n", Turns.Select(turn => $"{turn.Role}: {turn.Content}"));
}
