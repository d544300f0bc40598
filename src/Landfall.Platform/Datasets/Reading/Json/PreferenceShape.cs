using System.Text.Json;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>
/// Preference pairs: a prompt, a <c>chosen</c> and a <c>rejected</c> answer, each a string or messages. The prompt stands beside
/// them (<c>prompt</c>, <c>conversations</c>, <c>instruction</c>, ...) or is what both answers begin with. OpenAI's names
/// <c>preferred_output</c> and <c>non_preferred_output</c> are understood too.
/// </summary>
internal sealed partial class PreferenceShape : IJsonShape
{
    private static readonly (string Chosen, string Rejected)[] Pairs = [("chosen", "rejected"), ("preferred_output", "non_preferred_output")];

    private static readonly string[] Prompts = ["prompt", "messages", "conversations", "instruction", "input", "question", "query", "text"];

    public string Name => "preference";

    public FieldRoles Roles { get; } = new("prompt", "chosen");

    public bool Fits(JsonElement json) => Pairs.Any(p => json.TryGetProperty(p.Chosen, out _) && json.TryGetProperty(p.Rejected, out _));

    public ShapedRow Read(JsonElement json, IRowPlace place)
    {
        var (chosenName, rejectedName) = Pairs.FirstOrDefault(p => json.TryGetProperty(p.Chosen, out _), Pairs[0]);
        var chosen = Side(OpenAiChatShape.Member(json, chosenName, place), chosenName, place);
        var rejected = Side(OpenAiChatShape.Member(json, rejectedName, place), rejectedName, place);
        var promptName = Prompts.FirstOrDefault(n => json.TryGetProperty(n, out var value) && value.ValueKind != JsonValueKind.Null);
        var prompt = promptName is null ? null : PromptOf(json, promptName, place);
        var turns = prompt is not null && chosen.Count == 1 ? [.. prompt, .. chosen] : chosen;
        var row = Conversation.ToRow(turns, json.TextOf("system") is { Length: > 0 } system && prompt is not [{ Role: Turn.SystemRole }, ..] ? system : null, chosenName, place);
        var worse = rejected.FindLast(t => t.Role == Turn.AssistantRole);
        if (worse is not { Content.Length: > 0 } && worse?.ToolCalls is null)
        {
            throw place.Error($"'{rejectedName}' has no answer. Fill it in, or delete the row.");
        }

        return row.With(ReservedFields.Rejected, worse.Content.Length > 0 ? worse.Content : worse.ToolCalls)
            .WithOthers(json, chosenName, rejectedName, promptName ?? "prompt", "system", promptName == "instruction" ? "input" : "system", promptName == "instruction" ? "history" : "system");
    }

    private static List<Turn> PromptOf(JsonElement json, string name, IRowPlace place)
    {
        if (name == "instruction")
        {
            var history = AlpacaShape.HistoryOf(json, place) is { } text && CompactJson.TryParse(text, out var list) ? Conversation.Read(list, "history", place) : [];
            return [.. history, new Turn(Turn.UserRole, AlpacaShape.TextOf(json))];
        }

        var value = OpenAiChatShape.Unwrapped(json.GetProperty(name));
        return value switch
        {
            { ValueKind: JsonValueKind.Array } => Conversation.Read(value, name, place),
            { ValueKind: JsonValueKind.Object } when value.TryGetProperty("messages", out var messages) => Conversation.Read(messages, name, place),
            _ => [new Turn(Turn.UserRole, CompactJson.TextOf(value) ?? "")],
        };
    }

    /// <summary>An answer alone, or a conversation that ends in it.</summary>
    private static List<Turn> Side(JsonElement value, string name, IRowPlace place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                return Conversation.Read(value, name, place);
            case JsonValueKind.Object:
                return [Conversation.ReadMessage(value, name, place)];
            default:
                var text = CompactJson.TextOf(value) ?? "";
                return Dialogue().Count(text) > 1 ? Split(text) : [new Turn(Turn.AssistantRole, text)];
        }
    }

    /// <summary>A dialogue written as one text, each turn after <c>Human:</c> or <c>Assistant:</c>.</summary>
    private static List<Turn> Split(string text)
    {
        var marks = Dialogue().Matches(text);
        return [.. marks.Select((mark, i) =>
        {
            var end = i + 1 < marks.Count ? marks[i + 1].Index : text.Length;
            return new Turn(mark.Groups["who"].ValueSpan is "Human" ? Turn.UserRole : Turn.AssistantRole, text[(mark.Index + mark.Length)..end].Trim());
        })];
    }

    [GeneratedRegex(@"\n\n(?<who>Human|Assistant): ?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Dialogue();
}
