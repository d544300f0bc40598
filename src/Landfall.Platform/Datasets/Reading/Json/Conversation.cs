using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>
/// Messages as a row: the text is the last user message that is answered, the expected output the last answer to it. What
/// comes before is the history; tool calls and their results in between are the steps; what comes after is left out.
/// </summary>
internal static class Conversation
{
    private static readonly string[] RoleNames = ["role", "from", "speaker", "author", "sender"];

    private static readonly string[] ContentNames = ["content", "value", "text", "message", "utterance"];

    /// <summary>Reads a list of messages, or of strings by user and assistant in turn.</summary>
    /// <param name="list">The list.</param>
    /// <param name="field">What messages call it.</param>
    /// <param name="place">Where it stands.</param>
    public static List<Turn> Read(JsonElement list, string field, IRowPlace place)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw place.Error($"'{field}' is no list of messages. Write it as [{{\"role\": \"user\", \"content\": \"...\"}}, {{\"role\": \"assistant\", \"content\": \"...\"}}].");
        }

        var turns = new List<Turn>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            turns.Add(item.ValueKind switch
            {
                JsonValueKind.String => new Turn(turns.Count % 2 == 0 ? Turn.UserRole : Turn.AssistantRole, item.GetString()!),
                JsonValueKind.Object => ReadMessage(item, $"{field}[{turns.Count}]", place),
                _ => throw place.Error($"{field}[{turns.Count}] is no message. Write it as {{\"role\": \"user\", \"content\": \"...\"}}."),
            });
        }

        return turns;
    }

    /// <summary>Makes a row of messages.</summary>
    /// <param name="turns">The messages in order.</param>
    /// <param name="system">A system prompt that stands beside them, or null.</param>
    /// <param name="field">What messages call the list.</param>
    /// <param name="place">Where it stands.</param>
    public static ShapedRow ToRow(List<Turn> turns, string? system, string field, IRowPlace place)
    {
        var answer = turns.FindLastIndex(t => t.Role == Turn.AssistantRole && (t.Content.Length > 0 || t.ToolCalls is not null));
        var question = answer < 0 ? -1 : turns.FindLastIndex(answer, t => t.Role == Turn.UserRole);
        if (question < 0)
        {
            throw place.Error(answer < 0
                ? $"'{field}' has no answer by the assistant, so there is nothing to learn or to compare with. Add one, or delete the row."
                : $"'{field}' has no user message before the assistant's answer. Add one, or delete the row.");
        }

        if (turns[question].Content.Length == 0)
        {
            throw place.Error($"the user's last message in '{field}' is empty. Fill it in, or delete the row.");
        }

        var first = turns.FindIndex(t => t.Role != Turn.SystemRole);
        var prompt = string.Join("\n\n", turns.Take(first).Select(t => t.Content).Prepend(system ?? "").Where(t => t.Length > 0));
        var steps = turns.GetRange(question + 1, answer - question - 1);
        return new ShapedRow { Text = turns[question].Content, Expected = turns[answer].Content.Length > 0 ? turns[answer].Content : turns[answer].ToolCalls! }
            .With(ReservedFields.System, prompt)
            .With(ReservedFields.History, question == first ? null : CompactJson.Of(turns.GetRange(first, question - first)))
            .With(ReservedFields.Steps, steps.Count == 0 ? null : CompactJson.Of(steps))
            .With(ReservedFields.ToolCalls, turns[answer].ToolCalls);
    }

    /// <summary>Reads one message.</summary>
    public static Turn ReadMessage(JsonElement message, string field, IRowPlace place)
    {
        var speaker = First(message, RoleNames) is { ValueKind: JsonValueKind.String } role ? role.GetString()! : null;
        var content = ContentOf(First(message, ContentNames), field, place);
        if (speaker is "function_call")
        {
            return new Turn(Turn.AssistantRole, "", ToolCallsOf(content)) is { ToolCalls: not null } call ? call : new Turn(Turn.AssistantRole, content);
        }

        if (speaker is null || Turn.RoleOf(speaker) is not { } known)
        {
            throw place.Error($"{field} is by {(speaker is null ? "nobody" : $"'{FieldRoles.Shortened(speaker)}'")}. Name the speaker 'user', 'assistant', 'system' or 'tool' in its 'role'.");
        }

        return new Turn(known, content, ToolCallsOf(message), message.TextOf("tool_call_id"), message.TextOf("name"));
    }

    private static JsonElement First(JsonElement message, string[] names)
    {
        foreach (var name in names)
        {
            if (message.TryGetProperty(name, out var value))
            {
                return value;
            }
        }

        return default;
    }

    /// <summary>A message's text: a string, or the text parts of a list of parts.</summary>
    public static string ContentOf(JsonElement content, string field, IRowPlace place)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            return CompactJson.TextOf(content) ?? "";
        }

        var texts = new List<string>();
        foreach (var part in content.EnumerateArray())
        {
            var isText = part.ValueKind == JsonValueKind.String || (part.ValueKind == JsonValueKind.Object && part.Has("text", JsonValueKind.String));
            if (!isText)
            {
                throw place.Error($"{field} holds a part of type '{FieldRoles.Shortened(part.TextOf("type") ?? part.ValueKind.ToString())}'. Only text can be read: leave such rows out.");
            }

            texts.Add(part.ValueKind == JsonValueKind.String ? part.GetString()! : part.GetProperty("text").GetString()!);
        }

        return string.Join("\n", texts);
    }

    private static string? ToolCallsOf(JsonElement message)
    {
        if (message.TryGetProperty("tool_calls", out var calls) && calls is { ValueKind: JsonValueKind.Array } && calls.GetArrayLength() > 0)
        {
            return CompactJson.Of(calls);
        }

        return message.TryGetProperty("function_call", out var call) && call.ValueKind == JsonValueKind.Object ? CallOf(call) : null;
    }

    /// <summary>ShareGPT's call, which is JSON within a string.</summary>
    private static string? ToolCallsOf(string content) =>
        CompactJson.TryParse(content, out var call) && call.ValueKind == JsonValueKind.Object && call.Has("name", JsonValueKind.String) ? CallOf(call) : null;

    private static string CallOf(JsonElement call) => CompactJson.Write(json =>
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", call.TextOf("name"));
        json.WriteString("arguments", call.TextOf("arguments") ?? "{}");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    });
}
