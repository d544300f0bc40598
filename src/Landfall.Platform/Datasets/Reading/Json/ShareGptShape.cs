using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>ShareGPT: <c>{"conversations":[{"from":"human|gpt|system|observation|function_call","value"}], "system"?, "tools"?}</c>.</summary>
internal sealed class ShareGptShape : IJsonShape
{
    public string Name => "sharegpt";

    public FieldRoles Roles { get; } = new("conversations", "conversations");

    public bool Fits(JsonElement json) =>
        OpenAiChatShape.IsList(json, "conversations")
        && OpenAiChatShape.Unwrapped(json.GetProperty("conversations")).EnumerateArray().All(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("from", out _));

    public ShapedRow Read(JsonElement json, IRowPlace place) =>
        Conversation.ToRow(Conversation.Read(OpenAiChatShape.Member(json, "conversations", place), "conversations", place), json.TextOf("system"), "conversations", place)
            .WithOthers(json, "conversations", "system");
}
