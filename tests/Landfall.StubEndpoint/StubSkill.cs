using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landfall.StubEndpoint;

/// <summary>
/// A small, deterministic stand-in for a language model. It knows no answers: it reads the prompt. Examples in the prompt
/// vote by word overlap with the question; labels that the instruction lists count when their name or description shares
/// words with the question; an instruction that says what to do with the rest is followed; and unless it is told to answer
/// with nothing but the label, it chats. A better prompt therefore gets better answers, as it does with a real model.
/// </summary>
public static partial class StubSkill
{
    private const double LeastOverlap = 0.12;

    private static readonly HashSet<string> Common = new(
        "a an and any are as at be been but by can could did do does for from get had has have hello hi how i if in is it its just me my no not of on or our please so some than that the their them then there they this to up us was we what when where which who why will with would you your yours am im ive".Split(' '),
        StringComparer.Ordinal);

    public static StubAnswer Answer(StubRequest request)
    {
        if (ToolFor(request) is { } tool)
        {
            return new StubAnswer("", Tool: tool);
        }

        var question = Words(request.Question);
        var votes = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (text, answer) in Examples(request))
        {
            var overlap = Overlap(question, Words(text));
            votes[answer] = votes.GetValueOrDefault(answer) + (overlap * overlap);
        }

        var labels = Labels(request.Instruction);
        if (labels.Count == 0)
        {
            return votes.Count > 0 ? Best(votes) : new StubAnswer($"You wrote about {string.Join(", ", question.Take(3))}.", 0.3);
        }

        foreach (var (label, description) in labels)
        {
            votes[label] = votes.GetValueOrDefault(label) + (0.5 * Math.Pow(Overlap(question, Words($"{label.Replace('_', ' ').Replace('-', ' ')} {description}")), 2));
        }

        return Say(request, labels, votes);
    }

    private static StubAnswer Say(StubRequest request, List<(string Label, string Description)> labels, Dictionary<string, double> votes)
    {
        var best = Best(votes);
        if (votes[best.Text] < LeastOverlap * LeastOverlap)
        {
            var rest = RestLabel(request.Instruction, labels);
            best = new StubAnswer(rest ?? labels[StubOptions.HashOf(request.Question) % labels.Count].Label, rest is null ? 0.1 : 0.5);
        }

        // A model that was not told to be brief is not.
        return IsTerse().IsMatch(request.Instruction) || StubOptions.HashOf(request.Question) % 3 != 0
            ? best
            : best with { Text = $"This looks like \"{best.Text}\" to me. Anything else?" };
    }

    private static StubAnswer Best(Dictionary<string, double> votes)
    {
        var ordered = votes.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).ToList();
        var total = ordered.Sum(v => v.Value);
        return new StubAnswer(ordered[0].Key, total <= 0 ? 0.1 : Math.Clamp(ordered[0].Value / total, 0.05, 0.99));
    }

    /// <summary>Examples: pairs of a user's and an assistant's message before the question.</summary>
    private static IEnumerable<(string Text, string Answer)> Examples(StubRequest request)
    {
        for (var i = 0; i + 1 < request.Messages.Count; i++)
        {
            if (request.Messages[i].Role == "user" && request.Messages[i + 1].Role == "assistant")
            {
                yield return (request.Messages[i].Text, request.Messages[i + 1].Text);
            }
        }
    }

    /// <summary>Labels: lines of the instruction that begin with a dash, with what follows a colon as description.</summary>
    private static List<(string Label, string Description)> Labels(string instruction) =>
    [
        .. ListItem().Matches(instruction).Select(m => (m.Groups["label"].Value.Trim().Trim('`', '"'), m.Groups["description"].Value)),
    ];

    /// <summary>The label that the instruction gives for what fits no other.</summary>
    private static string? RestLabel(string instruction, List<(string Label, string Description)> labels) =>
        Rest().Match(instruction) is { Success: true } match && labels.Exists(l => l.Label == match.Groups["label"].Value) ? match.Groups["label"].Value : null;

    private static (string Name, string Arguments)? ToolFor(StubRequest request)
    {
        if (!request.Json.TryGetProperty("tools", out var tools) || request.Messages[^1].Role != "user")
        {
            return null;
        }

        var question = Words(request.Question);
        var best = tools.EnumerateArray().Select(t => t.GetProperty("function"))
            .Select(f => (Function: f, Overlap: Overlap(question, Words($"{f.GetProperty("name").GetString()!.Replace('_', ' ')} {(f.TryGetProperty("description", out var d) ? d.GetString() : "")}"))))
            .MaxBy(t => t.Overlap);
        return best.Overlap > 0 ? (best.Function.GetProperty("name").GetString()!, Arguments(best.Function, request.Question)) : null;
    }

    /// <summary>Each text parameter gets the question.</summary>
    private static string Arguments(JsonElement function, string question)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        if (function.TryGetProperty("parameters", out var parameters) && parameters.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                arguments[property.Name] = question;
            }
        }

        return JsonSerializer.Serialize(arguments);
    }

    /// <summary>Words without the most common ones, endings cut; Chinese characters in pairs.</summary>
    internal static HashSet<string> Words(string text)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match match in Word().Matches(text.ToLowerInvariant()))
        {
            var word = match.Value;
            if (word[0] >= '\u2E80')
            {
                for (var i = 0; i + 1 < word.Length; i++)
                {
                    words.Add(word.Substring(i, 2));
                }
            }
            else if (!Common.Contains(word))
            {
                words.Add(Stem(word));
            }
        }

        return words;
    }

    private static string Stem(string word) => word.Length switch
    {
        > 5 when word.EndsWith("ing", StringComparison.Ordinal) => word[..^3],
        > 4 when word.EndsWith("ed", StringComparison.Ordinal) => word[..^2],
        > 3 when word.EndsWith('s') => word[..^1],
        _ => word,
    };

    private static double Overlap(HashSet<string> a, HashSet<string> b)
    {
        if (a.Count == 0 || b.Count == 0)
        {
            return 0;
        }

        var shared = a.Count(b.Contains);
        return shared / Math.Sqrt((double)a.Count * b.Count);
    }

    [GeneratedRegex(@"^\s*[-*]\s+(?<label>[^:\n]{1,80})(:\s*(?<description>[^\n]*))?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex ListItem();

    [GeneratedRegex(@"(nothing else|only the label|exactly one of|just the label)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex IsTerse();

    [GeneratedRegex(@"(fits? none|none of (these|them)|does not fit|anything else)[^\n]*?""(?<label>[^""\n]+)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Rest();

    [GeneratedRegex(@"[\u2E80-\u9FFF]+|[a-z0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Word();
}
