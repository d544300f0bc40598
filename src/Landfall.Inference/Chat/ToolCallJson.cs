using System.Text.Json;

namespace Landfall.Inference.Chat;

/// <summary>Reads calls as models write them in JSON: an object with a name, and arguments or parameters.</summary>
internal static class ToolCallJson
{
    /// <summary>The calls of an object or an array of objects; empty where the text is anything else, or calls what is no tool.</summary>
    public static IReadOnlyList<ToolCallPiece> Read(string json, IReadOnlyCollection<string> tools)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            List<JsonElement> elements = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            List<ToolCallPiece> calls = [.. elements.Select(ReadCall).OfType<ToolCallPiece>()];
            return calls.Count == elements.Count && calls.TrueForAll(c => tools.Contains(c.Name, StringComparer.Ordinal)) ? calls : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The latter is for half a surrogate pair in a string.
            return [];
        }
    }

    private static ToolCallPiece? ReadCall(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        // OpenAI's own shape, which some models were taught.
        var call = element.TryGetProperty("function", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : element;
        if (!call.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var id = element.TryGetProperty("id", out var written) && written.ValueKind == JsonValueKind.String ? written.GetString() : null;
        return ReadArguments(call) is { } arguments ? new ToolCallPiece(name.GetString()!, arguments, id) : null;
    }

    private static string? ReadArguments(JsonElement call)
    {
        if (!call.TryGetProperty("arguments", out var arguments) && !call.TryGetProperty("parameters", out arguments))
        {
            return "{}";
        }

        return arguments.ValueKind switch
        {
            JsonValueKind.Object => arguments.GetRawText(),
            JsonValueKind.Null => "{}",
            JsonValueKind.String => ReadObject(arguments.GetString()!),
            _ => null,
        };
    }

    // Arguments as a string that holds JSON.
    private static string? ReadObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? json : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
