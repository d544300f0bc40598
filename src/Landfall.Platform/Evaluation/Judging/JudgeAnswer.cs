using System.Text.Json;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Judging;

/// <summary>What a judge answered, read strictly: one JSON object with the verdict, and nothing around it.</summary>
/// <param name="Score">1 or 0 for pass or fail; 1 to 5; with pairs 1 for the first, 0 for the second, 0.5 for a tie. Null: nonsense.</param>
/// <param name="Reason">The judge's reason.</param>
/// <param name="Problem">What is wrong with the answer, as it is told to the judge; null when nothing is.</param>
public sealed record JudgeAnswer(double? Score, string? Reason, string? Problem)
{
    private const int LongestReason = 2_000;

    /// <summary>How an answer is written, by scale.</summary>
    public static string Form(JudgeScale scale) => scale switch
    {
        JudgeScale.PassFail => """{"reason": "one or two sentences", "verdict": "pass"} or {"reason": "one or two sentences", "verdict": "fail"}""",
        JudgeScale.OneToFive => """{"reason": "one or two sentences", "score": 3} with a whole score from 1 (worst) to 5 (best)""",
        _ => """{"reason": "one or two sentences", "better": "A"}, or "B", or "tie" when neither is better""",
    };

    /// <summary>Reads any text.</summary>
    public static JudgeAnswer Read(string text, JudgeScale scale)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Trim());
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object ? Read(root, scale) : Nonsense($"it is JSON, but no object ({Kind(root)})");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no text, such as half a surrogate pair.
            return Nonsense("it is not one JSON object and nothing else");
        }
    }

    private static JudgeAnswer Read(JsonElement root, JudgeScale scale)
    {
        var key = scale switch { JudgeScale.PassFail => "verdict", JudgeScale.OneToFive => "score", _ => "better" };
        if (root.EnumerateObject().Count(property => property.NameEquals(key)) is var count and not 1)
        {
            return Nonsense(count == 0 ? $"\"{key}\" is missing" : $"\"{key}\" is given {count} times");
        }

        var value = root.GetProperty(key);
        double? score = (scale, value.ValueKind) switch
        {
            (JudgeScale.OneToFive, JsonValueKind.Number) when value.TryGetDouble(out var number) && number is 1 or 2 or 3 or 4 or 5 => number,
            (JudgeScale.PassFail, JsonValueKind.String) => value.GetString() switch { "pass" => 1, "fail" => 0, _ => null },
            (JudgeScale.Pairwise, JsonValueKind.String) => value.GetString() switch { "A" => 1, "B" => 0, "tie" => 0.5, _ => null },
            _ => null,
        };
        var reason = root.TryGetProperty("reason", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString()! : null;
        return score is null ? Nonsense($"\"{key}\" cannot be {Shown.Text(value.GetRawText())}") : new JudgeAnswer(score, reason?[..Math.Min(reason.Length, LongestReason)], Problem: null);
    }

    private static JudgeAnswer Nonsense(string problem) => new(Score: null, Reason: null, problem);

    private static string Kind(JsonElement element) => element.ValueKind.ToString().ToLowerInvariant();
}
