using System.Text;
using System.Text.Json;
using Landfall.Inference.Templates;

namespace Landfall.Inference.Chat;

/// <summary>
/// Tools for models whose template has no place for them: signatures in the system's message, calls and results as text, in
/// the manner of Hermes.
/// </summary>
internal static class PlainTools
{
    /// <summary>The conversation with tools written into its messages.</summary>
    public static List<ChatTemplateMessage> Write(IReadOnlyList<ChatTemplateMessage> messages, IReadOnlyList<JsonElement> tools)
    {
        var system = messages is [{ Role: "system" } first, ..] ? first : null;
        List<ChatTemplateMessage> written = [new("system", Signatures(system?.Content, tools))];
        written.AddRange(messages.Skip(system is null ? 0 : 1).Select(Write));
        return written;
    }

    private static ChatTemplateMessage Write(ChatTemplateMessage message) => message switch
    {
        { Role: "tool" } => new("user", $"<tool_response>\n{message.Content}\n</tool_response>"),
        { ToolCalls.Count: > 0 } => new(message.Role, string.Concat(message.ToolCalls.Select(Call).Prepend(message.Content)).Trim()),
        _ => message,
    };

    private static string Call(ChatTemplateToolCall call) => $"\n<tool_call>\n{JsonDocuments.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("arguments");
        call.Arguments.WriteTo(writer);
        writer.WriteEndObject();
    }).AsText()}\n</tool_call>";

    private static string Signatures(string? system, IReadOnlyList<JsonElement> tools)
    {
        var text = new StringBuilder(system).Append(string.IsNullOrEmpty(system) ? "" : "\n\n").Append("You may call these functions:\n<tools>");
        foreach (var tool in tools)
        {
            text.Append('\n').Append(tool.AsText());
        }

        return text.Append("\n</tools>\nA call is JSON within tags:\n<tool_call>\n{\"name\": <name>, \"arguments\": <arguments>}\n</tool_call>").ToString();
    }
}
