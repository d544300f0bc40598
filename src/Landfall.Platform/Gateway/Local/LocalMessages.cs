using System.Text.Json;
using Microsoft.Extensions.AI;
using Message = Microsoft.Extensions.AI.ChatMessage;

namespace Landfall.Platform.Gateway.Local;

/// <summary>Understands the messages of a request: texts, tool calls that were made, and what tools answered.</summary>
internal static class LocalMessages
{
    public static IReadOnlyList<Message> Read(IReadOnlyList<LocalChatMessage?>? messages)
    {
        if (messages is not { Count: > 0 })
        {
            throw Invalid("'messages' is missing or empty.");
        }

        return [.. messages.Select((message, index) => Read(message ?? throw Invalid($"'messages[{index}]' is null."), index))];
    }

    private static Message Read(LocalChatMessage message, int index) => message.Role switch
    {
        "system" or "developer" => new Message(ChatRole.System, TextOf(message, index)),
        "user" => new Message(ChatRole.User, TextOf(message, index)),
        "assistant" => Assistant(message, index),
        "tool" when string.IsNullOrEmpty(message.ToolCallId) => throw Invalid($"'messages[{index}]' is a tool's and has no 'tool_call_id'."),
        "tool" => new Message(ChatRole.Tool, [new FunctionResultContent(message.ToolCallId, TextOf(message, index))]),
        _ => throw Invalid($"'messages[{index}].role' is {Briefs.Shown.Text(message.Role ?? "")}; it is system, developer, user, assistant or tool."),
    };

    private static Message Assistant(LocalChatMessage message, int index)
    {
        var contents = new List<AIContent>();
        var isEmpty = message.Content.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
        if (isEmpty && message.ToolCalls is not { Count: > 0 })
        {
            throw Invalid($"'messages[{index}]' has no content and no tool calls.");
        }

        if (!isEmpty)
        {
            contents.Add(new TextContent(TextOf(message, index)));
        }

        foreach (var call in message.ToolCalls ?? [])
        {
            contents.Add(Read(call, index));
        }

        return new Message(ChatRole.Assistant, contents);
    }

    private static FunctionCallContent Read(LocalToolCall? call, int index)
    {
        if (call is not { Id.Length: > 0, Function.Name.Length: > 0 })
        {
            throw Invalid($"A tool call of 'messages[{index}]' has no 'id' or no function's name.");
        }

        try
        {
            var arguments = string.IsNullOrWhiteSpace(call.Function.Arguments) ? [] : JsonSerializer.Deserialize<Dictionary<string, object?>>(call.Function.Arguments);
            return new FunctionCallContent(call.Id, call.Function.Name, arguments);
        }
        catch (JsonException)
        {
            throw Invalid($"The arguments of the tool call '{call.Id}' in 'messages[{index}]' are no JSON object.");
        }
    }

    private static string TextOf(LocalChatMessage message, int index) => message.Content.ValueKind switch
    {
        JsonValueKind.String => message.Content.GetString()!,
        JsonValueKind.Array => string.Concat(message.Content.EnumerateArray().Select(part => PartOf(part, index))),
        _ => throw Invalid($"The content of 'messages[{index}]' is neither a text nor an array of parts."),
    };

    private static string PartOf(JsonElement part, int index) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.GetString() is "text" or "refusal"
        && part.TryGetProperty(type.GetString()!, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : throw Invalid($"'messages[{index}]' has a part that is no text; local models read text only.");

    private static GatewayProblemException Invalid(string message) => GatewayProblemException.Invalid(message, "messages");
}
