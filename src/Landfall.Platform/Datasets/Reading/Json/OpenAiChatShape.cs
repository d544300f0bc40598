using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>OpenAI's chat: <c>{"messages":[{"role","content","tool_calls"?}], "tools"?}</c>.</summary>
internal sealed class OpenAiChatShape : IJsonShape
{
    public string Name => "openai";

    public FieldRoles Roles { get; } = new("messages", "messages");

    public bool Fits(JsonElement json) => IsList(json, "messages");

    public ShapedRow Read(JsonElement json, IRowPlace place) =>
        Conversation.ToRow(Conversation.Read(Member(json, "messages", place), "messages", place), json.TextOf("system"), "messages", place)
            .WithOthers(json, "messages", "system");

    /// <summary>A list, or, as in tables, a text that is one.</summary>
    internal static bool IsList(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && Unwrapped(value).ValueKind == JsonValueKind.Array;

    internal static JsonElement Unwrapped(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && CompactJson.TryParse(value.GetString()!, out var parsed) ? parsed : value;

    /// <exception cref="DataFormatException">The object has no such member.</exception>
    internal static JsonElement Member(JsonElement json, string name, IRowPlace place) =>
        json.TryGetProperty(name, out var value)
            ? Unwrapped(value)
            : throw place.Error($"the row has no '{name}'; found {FieldRoles.Listed([.. json.EnumerateObject().Select(m => m.Name)])}. As in the first row, every row needs '{name}'.");
}
