using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Metrics;
using Landfall.Platform.Evaluation.Text;

namespace Landfall.Platform.Evaluation;

/// <summary>What can be wrong with an answer that is a text or JSON.</summary>
/// <param name="Name">The group's key.</param>
/// <param name="What">What such answers do, to follow "3 of 7 errors".</param>
/// <param name="Next">The next thing to do.</param>
internal sealed record AnswerErrorKind(string Name, string What, string Next)
{
    public string Action(int count, int of) => string.Create(CultureInfo.InvariantCulture, $"{count} of {of} errors {What}: {Next}");
}

/// <summary>
/// Sorts wrong answers into kinds. A text is wrong when its token F1 against the expected one is below one half, or when it
/// gives other numbers; JSON is wrong when it is not the expected value.
/// </summary>
internal static partial class AnswerErrors
{
    private const double WrongBelow = 0.5;

    private static readonly AnswerErrorKind s_empty = new("empty", "give no answer", "look at what the model was shown, and at its stop sequences and token limit");
    private static readonly AnswerErrorKind s_language = new("language", "answer in the wrong language", "name the language in the instructions, or add rows in it");
    private static readonly AnswerErrorKind s_number = new("number", "give other numbers than expected", "give the model the source of the numbers, and ask it to quote them");
    private static readonly AnswerErrorKind s_short = new("short", "are less than half as long as expected", "ask for complete answers, or raise the token limit");
    private static readonly AnswerErrorKind s_long = new("long", "are more than twice as long as expected", "ask for the answer alone, and show short examples");
    private static readonly AnswerErrorKind s_content = new("content", "say something else than expected", "add rows like them, or knowledge that holds the answer");
    private static readonly AnswerErrorKind s_notJson = new("not json", "are not JSON", "constrain the output to JSON, or ask for the JSON alone");
    private static readonly AnswerErrorKind s_schema = new("schema", "are JSON that breaks the schema", "show the schema to the model, or constrain the output by it");
    private static readonly AnswerErrorKind s_value = new("value", "are JSON with other values than expected", "add rows like them, and describe the fields");

    /// <summary>What is wrong with the answer, or null.</summary>
    public static AnswerErrorKind? KindOf(MetricContext context, Observation observation)
    {
        string expected = observation.Row.Expected, got = observation.Got;
        if (context.Output == OutputKind.Json)
        {
            return new ExactMatch().Score(observation, context)![0] > 0.5 ? null : string.IsNullOrWhiteSpace(got) ? s_empty : KindOfJson(context, got);
        }

        List<string> reference = SquadTokens.Of(expected), answer = SquadTokens.Of(got);
        var near = TokenF1.F1(expected, got) >= WrongBelow;
        return (near, Numbers(expected).SetEquals(Numbers(got))) switch
        {
            (true, true) => null,
            _ when answer.Count == 0 => s_empty,
            _ when WrongLanguage(expected, got) => s_language,
            (true, false) => s_number,
            _ when 2 * answer.Count < reference.Count => s_short,
            _ when answer.Count > 2 * reference.Count => s_long,
            (_, false) => s_number,
            _ => s_content,
        };
    }

    private static AnswerErrorKind KindOfJson(MetricContext context, string got)
    {
        try
        {
            using var answer = JsonDocument.Parse(got);
            return context.Schema?.WhyInvalid(answer.RootElement) is null ? s_value : s_schema;
        }
        catch (JsonException)
        {
            return s_notJson;
        }
    }

    private static bool WrongLanguage(string expected, string got) =>
        Han.Share(expected) is { } wanted && Han.Share(got) is { } given && Math.Abs(wanted - given) > 0.5;

    private static HashSet<string> Numbers(string text) =>
        Number().Matches(text).Select(match => match.Value.Replace(",", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"[0-9]+(,[0-9]{3})*(\.[0-9]+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Number();
}
