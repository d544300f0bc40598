namespace Landfall.Platform.Evaluation.Conversations;

/// <summary>What a simulated user does next.</summary>
/// <param name="Say">The next message; null: the conversation ends.</param>
/// <param name="Problem">Why the user could not be simulated any further, or null.</param>
/// <param name="CostUsd">Money spent on it.</param>
public sealed record UserMove(string? Say, string? Problem = null, decimal CostUsd = 0);

/// <summary>Plays the user of one conversation.</summary>
public interface IUserSimulator
{
    /// <summary>Answers the app's last message.</summary>
    ValueTask<UserMove> NextAsync(IReadOnlyList<ConversationTurn> turns, CancellationToken cancellation);
}
