using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Landfall.Inference.Chat;

/// <summary>JSON without reflection, so that it survives ahead-of-time compilation.</summary>
internal static class JsonDocuments
{
    /// <summary>An element of what is written.</summary>
    public static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>A call's arguments as a JSON object.</summary>
    public static JsonElement Of(IEnumerable<KeyValuePair<string, object?>>? arguments) => Write(writer =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in arguments ?? [])
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    });

    /// <summary>The members of a JSON object; empty where it is none.</summary>
    public static Dictionary<string, object?> Members(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(m => m.Name, m => (object?)m.Value.Clone(), StringComparer.Ordinal)
            : new(StringComparer.Ordinal);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case JsonElement element: element.WriteTo(writer); break;
            case System.Text.Json.Nodes.JsonNode node: node.WriteTo(writer); break;
            case string text: writer.WriteStringValue(text); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case float number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
