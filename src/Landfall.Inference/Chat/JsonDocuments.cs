using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.Inference.Chat;

/// <summary>JSON without reflection, so that it survives ahead-of-time compilation.</summary>
internal static class JsonDocuments
{
    /// <summary>An element of what is written.</summary>
    public static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>A call's arguments as a JSON object.</summary>
    public static JsonElement Of(IEnumerable<KeyValuePair<string, object?>>? arguments) => Write(writer => WriteObject(writer, arguments ?? []));

    /// <summary>A value as JSON.</summary>
    public static JsonElement OfValue(object? value) => Write(writer => Write(writer, value));

    /// <summary>The same value with all its strings changed, names of members too.</summary>
    public static JsonElement Map(JsonElement element, Func<string, string> change) => Write(writer => Map(writer, element, change));

    /// <summary>JSON as a model reads it: <see cref="ChatPrompt.Divider"/> divides there too.</summary>
    public static string AsText(this JsonElement element) => element.GetRawText().Replace($"\\u{(int)ChatPrompt.Divider:X4}", ChatPrompt.Divider.ToString(), StringComparison.Ordinal);

    /// <summary>The members of a JSON object; empty where it is none.</summary>
    public static Dictionary<string, object?> Members(string json)
    {
        using var document = JsonDocument.Parse(json);
        Dictionary<string, object?> members = new(StringComparer.Ordinal);
        foreach (var member in document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.EnumerateObject() : default)
        {
            // A key that comes twice: the last counts, as it does for most readers of JSON.
            members[member.Name] = member.Value.Clone();
        }

        return members;
    }

    private static void Map(Utf8JsonWriter writer, JsonElement element, Func<string, string> change)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(change(member.Name));
                    Map(writer, member.Value, change);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Map(writer, item, change);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(change(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> members)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, System.Collections.IEnumerable items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            Write(writer, item);
        }

        writer.WriteEndArray();
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
            case IEnumerable<KeyValuePair<string, object?>> members: WriteObject(writer, members); break;
            case System.Collections.IEnumerable items: WriteArray(writer, items); break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }
}
