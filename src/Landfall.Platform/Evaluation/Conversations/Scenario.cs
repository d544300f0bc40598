using System.Text.Json;
using System.Text.RegularExpressions;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Evaluation.Conversations;

/// <summary>A row that cannot be talked through.</summary>
public sealed class ScenarioException(string message) : Exception(message);

/// <summary>One thing the scripted user may say.</summary>
/// <param name="When">A regular expression on the app's last message, whatever its case; null: always.</param>
/// <param name="Say">Ways to say it, of which one is chosen by the seed. <c>{fact}</c> stands for a fact.</param>
public sealed record ScriptLine(Regex? When, IReadOnlyList<string> Say);

/// <summary>A row as a scenario. Its text is the user's opening message, its expected answer what the goal's check asks for.</summary>
/// <param name="Opening">The user's first message.</param>
/// <param name="Expected">What the goal's check asks for.</param>
/// <param name="Persona">Who the user is: field <c>persona</c>.</param>
/// <param name="Goal">What the user wants: field <c>goal</c>.</param>
/// <param name="Facts">What the user knows: field <c>facts</c>, a JSON object.</param>
/// <param name="MaxTurns">The app's messages at most: field <c>max-turns</c>, else the brief's.</param>
/// <param name="Script">What the scripted user says: field <c>script</c>.</param>
public sealed record Scenario(
    string Opening, string Expected, string Persona, string Goal, IReadOnlyDictionary<string, string> Facts, int MaxTurns, IReadOnlyList<ScriptLine> Script)
{
    public const string PersonaField = "persona";
    public const string GoalField = "goal";
    public const string FactsField = "facts";
    public const string MaxTurnsField = "max-turns";
    public const string ScriptField = "script";

    private const int MostTurns = 100;
    private const int MostLines = 200;

    /// <summary>Reads a row.</summary>
    /// <exception cref="ScenarioException">A field is not what it must be; the message names it and says what to do.</exception>
    public static Scenario Of(Row row, ConversationPlan plan)
    {
        string Field(string name) => row.Fields.GetValueOrDefault(name, "");
        var facts = ReadFacts(Field(FactsField));
        var script = ReadScript(Field(ScriptField), facts);
        if (plan.Simulator is not null && Field(GoalField).Length == 0)
        {
            throw new ScenarioException($"the row has no field '{GoalField}'. Say in it what the simulated user wants.");
        }

        return new Scenario(row.Text, row.Expected, Field(PersonaField), Field(GoalField), facts, ReadMaxTurns(Field(MaxTurnsField), plan.MaxTurns), script);
    }

    private static int ReadMaxTurns(string text, int otherwise) =>
        text.Length == 0 ? otherwise
        : int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var turns) && turns is >= 1 and <= MostTurns ? turns
        : throw new ScenarioException($"'{MaxTurnsField}' is {Shown.Text(text)}. Write a whole number from 1 to {MostTurns}.");

    private static Dictionary<string, string> ReadFacts(string json)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json.Length == 0)
        {
            return facts;
        }

        const string remedy = """Write a JSON object, such as {"order": "A-17"}.""";
        using var document = Parse(json, FactsField, remedy);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new ScenarioException($"'{FactsField}' is no JSON object. {remedy}");
        }

        foreach (var fact in document.RootElement.EnumerateObject())
        {
            facts[fact.Name] = fact.Value.ValueKind == JsonValueKind.String ? fact.Value.GetString()! : fact.Value.GetRawText();
        }

        return facts;
    }

    private static List<ScriptLine> ReadScript(string json, IReadOnlyDictionary<string, string> facts)
    {
        if (json.Length == 0)
        {
            return [];
        }

        const string remedy = """Write a JSON list such as [{"when": "order number", "say": "It is {order}."}].""";
        using var document = Parse(json, ScriptField, remedy);
        if (document.RootElement.ValueKind != JsonValueKind.Array || document.RootElement.GetArrayLength() > MostLines)
        {
            throw new ScenarioException($"'{ScriptField}' is no JSON list of at most {MostLines} lines. {remedy}");
        }

        return [.. document.RootElement.EnumerateArray().Select((line, i) => ReadLine(line, i, facts, remedy))];
    }

    private static ScriptLine ReadLine(JsonElement line, int index, IReadOnlyDictionary<string, string> facts, string remedy)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("say", out var say))
        {
            throw new ScenarioException($"'{ScriptField}[{index}]' has no 'say'. {remedy}");
        }

        string[] ways = say.ValueKind switch
        {
            JsonValueKind.String => [say.GetString()!],
            JsonValueKind.Array when say.GetArrayLength() > 0 && say.EnumerateArray().All(way => way.ValueKind == JsonValueKind.String) => [.. say.EnumerateArray().Select(way => way.GetString()!)],
            _ => throw new ScenarioException($"'{ScriptField}[{index}].say' is neither a text nor a list of texts. {remedy}"),
        };
        return new ScriptLine(ReadWhen(line, index), [.. ways.Select(way => Fill(way, index, facts))]);
    }

    private static Regex? ReadWhen(JsonElement line, int index)
    {
        if (!line.TryGetProperty("when", out var when))
        {
            return null;
        }

        if (when.ValueKind != JsonValueKind.String)
        {
            throw new ScenarioException($"'{ScriptField}[{index}].when' is no text. Write a regular expression, such as \"order number\".");
        }

        return SafeRegex.Compile(when.GetString()!, out var problem) ?? throw new ScenarioException($"'{ScriptField}[{index}].when': {problem}");
    }

    private static string Fill(string say, int index, IReadOnlyDictionary<string, string> facts) => SafeRegex.Placeholder().Replace(say, match =>
        facts.TryGetValue(match.Groups["name"].Value, out var fact)
            ? fact
            : throw new ScenarioException($"'{ScriptField}[{index}].say' names {match.Value}, which is not among the facts. Add it to '{FactsField}'."));

    private static JsonDocument Parse(string json, string field, string remedy)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            throw new ScenarioException($"'{field}' is not valid JSON. {remedy}");
        }
    }
}

/// <summary>Regular expressions of data: they take time linear in the text, whatever they are.</summary>
internal static partial class SafeRegex
{
    private const int Longest = 1_000;

    public static Regex? Compile(string pattern, out string? problem)
    {
        problem = null;
        if (pattern.Length > Longest)
        {
            problem = $"the regular expression is longer than {Longest} characters. Write a shorter one.";
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(2));
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            problem = $"{Shown.Text(pattern)} is no regular expression that can be used here (without look-around and back references): {error.Message}";
            return null;
        }
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z0-9_-]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex Placeholder();
}
