using System.Text.RegularExpressions;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation.Conversations;

/// <summary>
/// A user who follows the row's script: the first line not used yet whose <c>when</c> fits the app's last message is said
/// and used up; when none fits, the user has nothing more to say. The seed chooses among the ways to say it.
/// </summary>
internal sealed class ScriptedUser(Scenario scenario, ulong seed) : IUserSimulator
{
    private readonly bool[] _used = new bool[scenario.Script.Count];
    private SplitMix64 _random = new(seed);

    public ValueTask<UserMove> NextAsync(IReadOnlyList<ConversationTurn> turns, CancellationToken cancellation)
    {
        for (var i = 0; i < _used.Length; i++)
        {
            var line = scenario.Script[i];
            if (!_used[i] && Fits(line.When, turns[^1].Content))
            {
                _used[i] = true;
                return ValueTask.FromResult(new UserMove(line.Say[_random.Index(line.Say.Count)]));
            }
        }

        return ValueTask.FromResult(new UserMove(Say: null));
    }

    private static bool Fits(Regex? when, string answer)
    {
        try
        {
            return when?.IsMatch(answer) ?? true;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
