using System.Text.Json;
using System.Text.RegularExpressions;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Conversations;

/// <summary>Checks goals that can be checked without a judge.</summary>
internal static class GoalChecker
{
    /// <summary>Why the expected answer cannot be checked for, or null.</summary>
    public static string? WhyUncheckable(GoalCheck check, string expected)
    {
        switch (check)
        {
            case GoalCheck.Regex:
                SafeRegex.Compile(expected, out var problem);
                return problem;
            case GoalCheck.Json:
                return IsJson(expected) ? null : $"the goal's check is json, and the expected answer {Shown.Text(expected)} is not JSON.";
            default:
                return null;
        }
    }

    public static bool IsReached(GoalCheck check, string expected, IReadOnlyList<ConversationTurn> turns)
    {
        var answers = turns.Where(turn => turn.Role == "assistant").Select(turn => turn.Content).ToList();
        return check switch
        {
            GoalCheck.Contains => answers.Exists(answer => answer.Contains(expected, StringComparison.OrdinalIgnoreCase)),
            GoalCheck.Regex => SafeRegex.Compile(expected, out _) is { } pattern && answers.Exists(answer => Matches(pattern, answer)),
            GoalCheck.Json => answers.Count > 0 && SameJson(expected, answers[^1]),
            _ => throw new ArgumentOutOfRangeException(nameof(check), check, "A judge decides this one."),
        };
    }

    private static bool Matches(Regex pattern, string answer)
    {
        try
        {
            return pattern.IsMatch(answer);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool SameJson(string expected, string answer)
    {
        try
        {
            using var left = JsonDocument.Parse(expected);
            using var right = JsonDocument.Parse(answer);
            return JsonElement.DeepEquals(left.RootElement, right.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
