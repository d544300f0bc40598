using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>A well-known way of writing a row as a JSON object, other than one member for the input and one for the output.</summary>
internal interface IJsonShape
{
    /// <summary>What the format is called.</summary>
    string Name { get; }

    /// <summary>The members that hold input and expected output, for people.</summary>
    FieldRoles Roles { get; }

    /// <summary>Whether an object is written so; asked of a file's first one only.</summary>
    bool Fits(JsonElement json);

    /// <summary>Reads an object.</summary>
    /// <returns>The row, or null where the object holds none and may be passed over.</returns>
    /// <exception cref="DataFormatException">It breaks the format.</exception>
    ShapedRow? Read(JsonElement json, IRowPlace place);
}

/// <summary>The shapes that are known, the more special ones first.</summary>
internal static class JsonShapes
{
    public static IReadOnlyList<IJsonShape> All { get; } =
    [
        new PreferenceShape(),
        new MlflowShape(),
        new LangfuseShape(),
        new AlpacaShape(),
        new OpenAiChatShape(),
        new ShareGptShape(),
        new ConversationShape(),
    ];

    /// <summary>The shape of a file's first object, or null for one member for the input and one for the output.</summary>
    public static IJsonShape? Find(JsonElement json) =>
        json.ValueKind != JsonValueKind.Object || (json.TryGetProperty("text", out _) && json.TryGetProperty("label", out _)) ? null : All.FirstOrDefault(s => s.Fits(json));

    /// <summary>Adds all members but those that are understood already.</summary>
    public static ShapedRow WithOthers(this ShapedRow row, JsonElement json, params ReadOnlySpan<string> understood)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (!understood.Contains(member.Name))
            {
                row.With(member.Name, CompactJson.TextOf(member.Value));
            }
        }

        return row;
    }

    public static bool Has(this JsonElement json, string name, JsonValueKind kind) => json.TryGetProperty(name, out var value) && value.ValueKind == kind;

    public static string? TextOf(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? CompactJson.TextOf(value) : null;
}
