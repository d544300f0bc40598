using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>What programs hand to a model and get from it, as tracers record it: texts, messages, or objects that hold one of them.</summary>
internal static class TraceValues
{
    private static readonly string[] MessageLists = ["messages", "input", "prompt", "contents"];

    private static readonly string[] Wrappers = ["kwargs", "args", "inputs", "request", "data"];

    private static readonly string[] AnswerNames = ["content", "text", "completion", "result", "generated_text"];

    /// <summary>A row of an input and an output; null when one of them is missing.</summary>
    public static ShapedRow? ToRow(JsonElement input, JsonElement output, IRowPlace place)
    {
        input = OpenAiChatShape.Unwrapped(input);
        output = OpenAiChatShape.Unwrapped(output);
        if (AnswerOf(output, place) is not { } answer)
        {
            return null;
        }

        if (MessagesOf(input, depth: 0) is { } messages)
        {
            var turns = Conversation.Read(messages, "input", place);
            var last = turns.FindLastIndex(t => t.Role == Turn.UserRole);
            return last < 0 || turns[last].Content.Length == 0
                ? null
                : Conversation.ToRow([.. turns, answer], input.ValueKind == JsonValueKind.Object ? input.TextOf("system") : null, "input", place)
                    .With(ReservedFields.Tools, input.ValueKind == JsonValueKind.Object ? input.TextOf("tools") : null);
        }

        return TextOf(input, depth: 0) is { Length: > 0 } text
            ? Conversation.ToRow([new Turn(Turn.UserRole, text), answer], system: null, "input", place)
            : null;
    }

    /// <summary>The list of messages within an input, or null.</summary>
    private static JsonElement? MessagesOf(JsonElement input, int depth)
    {
        if (input.ValueKind == JsonValueKind.Array)
        {
            return input.GetArrayLength() > 0 && input.EnumerateArray().All(IsMessage) ? input
                : input.GetArrayLength() == 1 && depth < 3 ? MessagesOf(input[0], depth + 1) : null;
        }

        if (input.ValueKind != JsonValueKind.Object || depth > 3)
        {
            return null;
        }

        foreach (var name in MessageLists.Concat(Wrappers))
        {
            if (input.TryGetProperty(name, out var inner) && MessagesOf(inner, depth + 1) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static bool IsMessage(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && (item.TextOf("role") ?? item.TextOf("from")) is { } role
        && Turn.RoleOf(role) is not null;

    /// <summary>The text of an input that is no list of messages: a known name's, the only string's, or the input as JSON.</summary>
    private static string? TextOf(JsonElement input, int depth)
    {
        if (input.ValueKind != JsonValueKind.Object || depth > 3)
        {
            return input is { ValueKind: JsonValueKind.Array } && input.GetArrayLength() == 1 && depth < 3 ? TextOf(input[0], depth + 1) : CompactJson.TextOf(input);
        }

        foreach (var name in FieldRoles.TextNames)
        {
            if (input.Has(name, JsonValueKind.String))
            {
                return input.TextOf(name);
            }
        }

        foreach (var name in Wrappers)
        {
            if (input.TryGetProperty(name, out var inner) && inner.ValueKind is JsonValueKind.Object or JsonValueKind.Array && TextOf(inner, depth + 1) is { Length: > 2 } found)
            {
                return found;
            }
        }

        var strings = input.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.String).ToList();
        return strings.Count == 1 ? strings[0].Value.GetString() : CompactJson.Of(input);
    }

    private static Turn? AnswerOf(JsonElement output, IRowPlace place)
    {
        switch (output.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return null;
            case JsonValueKind.Array when output.GetArrayLength() > 0 && output.EnumerateArray().All(IsMessage):
                return Conversation.Read(output, "output", place).FindLast(t => t.Role == Turn.AssistantRole);
            case JsonValueKind.Object when IsMessage(output):
                return NotEmpty(Conversation.ReadMessage(output, "output", place) with { Role = Turn.AssistantRole, Name = null });
            case JsonValueKind.Object when output.Has("choices", JsonValueKind.Array) && output.GetProperty("choices") is var choices && choices.GetArrayLength() > 0:
                return choices[0].ValueKind == JsonValueKind.Object && choices[0].TryGetProperty("message", out var message) ? AnswerOf(message, place) : AnswerOf(choices[0], place);
            case JsonValueKind.Object:
                var name = FieldRoles.ExpectedNames.Concat(AnswerNames).FirstOrDefault(n => output.Has(n, JsonValueKind.String));
                return NotEmpty(new Turn(Turn.AssistantRole, name is null ? CompactJson.Of(output) : output.TextOf(name)!));
            default:
                return NotEmpty(new Turn(Turn.AssistantRole, CompactJson.TextOf(output)!));
        }
    }

    private static Turn? NotEmpty(Turn answer) => answer.Content.Length > 0 || answer.ToolCalls is not null ? answer : null;
}
