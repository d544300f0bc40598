using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>JSON without white space, in which nested values become fields.</summary>
internal static class CompactJson
{
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonElement value) => Write(value.WriteTo);

    public static string Of(IEnumerable<Turn> turns) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var turn in turns)
        {
            turn.Write(json);
        }

        json.WriteEndArray();
    });

    public static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>A value as a field's text: strings and numbers as they are written, null as null, all else as compact JSON.</summary>
    public static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.Object or JsonValueKind.Array => Of(value),
        _ => value.GetRawText(),
    };

    /// <summary>The value that a text is the JSON of, if it is an object or a list.</summary>
    public static bool TryParse(string text, out JsonElement value)
    {
        value = default;
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            value = document.RootElement.Clone();
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }
}
