using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>One message of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">Its text.</param>
/// <param name="ToolCalls">The calls of an assistant's message, as compact JSON, or null.</param>
/// <param name="ToolCallId">With a tool's message: the call it answers, or null.</param>
/// <param name="Name">The speaker's own name, or null.</param>
internal sealed record Turn(string Role, string Content, string? ToolCalls = null, string? ToolCallId = null, string? Name = null)
{
    public const string SystemRole = "system";
    public const string UserRole = "user";
    public const string AssistantRole = "assistant";
    public const string ToolRole = "tool";

    private static readonly Dictionary<string, string> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        [SystemRole] = SystemRole,
        ["developer"] = SystemRole,
        [UserRole] = UserRole,
        ["human"] = UserRole,
        ["customer"] = UserRole,
        ["client"] = UserRole,
        ["prompter"] = UserRole,
        ["用户"] = UserRole,
        [AssistantRole] = AssistantRole,
        ["gpt"] = AssistantRole,
        ["chatgpt"] = AssistantRole,
        ["bot"] = AssistantRole,
        ["chatbot"] = AssistantRole,
        ["model"] = AssistantRole,
        ["ai"] = AssistantRole,
        ["agent"] = AssistantRole,
        ["助手"] = AssistantRole,
        [ToolRole] = ToolRole,
        ["function"] = ToolRole,
        ["observation"] = ToolRole,
        ["function_response"] = ToolRole,
    };

    /// <summary>The role that a format's word for a speaker stands for, or null.</summary>
    public static string? RoleOf(string speaker) => Roles.GetValueOrDefault(speaker.Trim());

    /// <summary>Writes it as a message of OpenAI's API.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role", Role);
        json.WriteString("content", Content);
        if (Name is not null)
        {
            json.WriteString("name", Name);
        }

        if (ToolCalls is not null)
        {
            json.WritePropertyName("tool_calls");
            json.WriteRawValue(ToolCalls);
        }

        if (ToolCallId is not null)
        {
            json.WriteString("tool_call_id", ToolCallId);
        }

        json.WriteEndObject();
    }
}
