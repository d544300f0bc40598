using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>Any other list of turns: objects with a speaker and a text, or strings by user and assistant in turn.</summary>
internal sealed class ConversationShape : IJsonShape
{
    private static readonly string[] Names = ["turns", "conversation", "conversations", "dialog", "dialogue"];

    public string Name => "conversations";

    public FieldRoles Roles { get; } = new("turns", "turns");

    public bool Fits(JsonElement json) => Names.Any(n => OpenAiChatShape.IsList(json, n));

    public ShapedRow Read(JsonElement json, IRowPlace place)
    {
        var name = Names.FirstOrDefault(n => json.TryGetProperty(n, out _)) ?? Names[0];
        return Conversation.ToRow(Conversation.Read(OpenAiChatShape.Member(json, name, place), name, place), json.TextOf("system"), name, place)
            .WithOthers(json, name, "system");
    }
}
