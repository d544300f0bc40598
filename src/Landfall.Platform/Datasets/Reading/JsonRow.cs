using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>Reads one JSON object as a row, without a document tree.</summary>
internal sealed class JsonRow
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly System.Buffers.ArrayBufferWriter<byte> _nested = new();
    private readonly Utf8JsonWriter _writer;
    private byte[] _string = new byte[1 << 10];

    public JsonRow() => _writer = new Utf8JsonWriter(_nested, Compact);

    public FieldRoles? Roles { get; private set; }

    /// <summary>Reads an object that begins on the window's line.</summary>
    /// <exception cref="DataFormatException">It is not a JSON object, or lacks the input or the expected output.</exception>
    public void Read(ReadOnlySpan<byte> json, ByteWindow window, RawRow row)
    {
        try
        {
            Roles ??= FieldRoles.Choose(Names(json), window.File, window.Line, "field");
            ReadFields(json, window, row);
        }
        catch (JsonException error)
        {
            throw new DataFormatException(
                window.File,
                window.Line + (error.LineNumber ?? 0),
                $"byte {(error.BytePositionInLine ?? 0) + 1}: not a whole JSON object ({Reason(error)}). Each row is one object on one line, or an element of one array.");
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to an escape such as \ud800 that names half a character.
            throw window.Error("a \\u escape names half of a surrogate pair, which is no character. Remove it, or write the character itself.");
        }
    }

    private static string Reason(JsonException error)
    {
        var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? error.Message : error.Message[..end]).TrimEnd('.');
    }

    private static List<string> Names(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(reader.GetString()!);
            reader.Skip();
        }

        return names;
    }

    private void ReadFields(ReadOnlySpan<byte> json, ByteWindow window, RawRow row)
    {
        row.Clear();
        var (hasText, hasExpected) = (false, false);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = row.Append(Unescaped(ref reader));
            reader.Read();
            if (row.Bytes(name).SequenceEqual(Roles!.TextUtf8))
            {
                Refuse(hasText, Roles.Text, window);
                hasText = true;
                row.Text = ReadText(ref reader, window, row);
            }
            else if (row.Bytes(name).SequenceEqual(Roles.ExpectedUtf8))
            {
                Refuse(hasExpected, Roles.Expected, window);
                hasExpected = true;
                row.Expected = ReadValue(ref reader, row);
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                row.AddField(name, ReadValue(ref reader, row));
            }
        }

        // Anything behind the object is refused by the reader.
        reader.Read();
        Complete(hasText && row.Text.Length > 0, hasExpected && row.Expected.Length > 0, window, row, json);
    }

    private void Complete(bool hasText, bool hasExpected, ByteWindow window, RawRow row, ReadOnlySpan<byte> json)
    {
        if (!hasText || !hasExpected)
        {
            var missing = hasText ? Roles!.Expected : Roles!.Text;
            throw window.Error($"the row has no '{missing}', or an empty one; found {FieldRoles.Listed(Names(json))}. As in the first row, every row needs '{Roles.Text}' and '{Roles.Expected}'.");
        }

        if (row.SortFields() is { } twice)
        {
            Refuse(seen: true, twice, window);
        }
    }

    private static void Refuse(bool seen, string name, ByteWindow window)
    {
        if (seen)
        {
            throw window.Error($"the field '{FieldRoles.Shortened(name)}' appears twice in one row. Keep one of them.");
        }
    }

    private Slice ReadText(ref Utf8JsonReader reader, ByteWindow window, RawRow row)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            var found = reader.TokenType switch
            {
                JsonTokenType.StartObject => "an object",
                JsonTokenType.StartArray => "an array",
                JsonTokenType.Null => "null",
                JsonTokenType.Number => "a number",
                _ => "true or false",
            };
            throw window.Error($"'{Roles!.Text}' is {found}, not a string. Put the input's text in quotes.");
        }

        return row.Append(Unescaped(ref reader));
    }

    private Slice ReadValue(ref Utf8JsonReader reader, RawRow row)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return row.Append(Unescaped(ref reader));
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                CopyNested(ref reader);
                return row.Append(_nested.WrittenSpan);
            default:
                return row.Append(reader.ValueSpan);
        }
    }

    private ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        if (_string.Length < reader.ValueSpan.Length)
        {
            _string = new byte[Math.Max(_string.Length * 2, reader.ValueSpan.Length)];
        }

        return _string.AsSpan(0, reader.CopyString(_string));
    }

    /// <summary>Writes the value that begins at the reader's token without white space.</summary>
    private void CopyNested(ref Utf8JsonReader reader)
    {
        _nested.ResetWrittenCount();
        _writer.Reset();
        var depth = 0;
        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    _writer.WriteStartObject();
                    depth++;
                    break;
                case JsonTokenType.StartArray:
                    _writer.WriteStartArray();
                    depth++;
                    break;
                case JsonTokenType.EndObject:
                    _writer.WriteEndObject();
                    depth--;
                    break;
                case JsonTokenType.EndArray:
                    _writer.WriteEndArray();
                    depth--;
                    break;
                case JsonTokenType.PropertyName:
                    _writer.WritePropertyName(Unescaped(ref reader));
                    break;
                case JsonTokenType.String:
                    _writer.WriteStringValue(Unescaped(ref reader));
                    break;
                default:
                    _writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                    break;
            }
        }
        while (depth > 0 && reader.Read());
        _writer.Flush();
    }
}
