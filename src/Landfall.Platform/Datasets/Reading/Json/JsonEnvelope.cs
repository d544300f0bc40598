using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>An object around the list of rows, as APIs answer: <c>{"data":[...],"meta":...}</c>, <c>{"traces":[...]}</c>.</summary>
internal static class JsonEnvelope
{
    private static readonly string[] Names = ["data", "traces", "observations", "rows", "items"];

    /// <summary>Where the list begins, or -1 when the bytes, a file's beginning, are no envelope.</summary>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, state: default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return -1;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (FieldRoles.IsRole(name) || !reader.Read())
                {
                    return -1;
                }

                if (reader.TokenType == JsonTokenType.StartArray && Names.Contains(name))
                {
                    var start = (int)reader.TokenStartIndex;
                    return reader.Read() && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndArray ? start : -1;
                }

                if (!reader.TrySkip())
                {
                    return -1;
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The parser of rows says what is wrong, with its place.
        }

        return -1;
    }

    /// <summary>Whether the first line is a whole JSON object, as in JSON lines.</summary>
    public static bool IsLine(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        try
        {
            var reader = new Utf8JsonReader(end < 0 ? bytes : bytes[..end]);
            return JsonDocument.TryParseValue(ref reader, out var document) && Done(document);
        }
        catch (JsonException)
        {
            return false;
        }

        static bool Done(JsonDocument? document)
        {
            document?.Dispose();
            return true;
        }
    }
}
