using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>
/// Reads one JSON object as a row. The file's first object decides how: by a well-known shape (<see cref="JsonShapes"/>), or
/// as one member for the input and one for the expected output, without a document tree.
/// </summary>
internal sealed class JsonRow
{
    /// <summary>More members than this make no row: the file is something else.</summary>
    private const int MaxFields = 10_000;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly System.Buffers.ArrayBufferWriter<byte> _nested = new();
    private readonly Utf8JsonWriter _writer;
    private byte[] _string = new byte[1 << 10];

    private readonly FieldRoles? _given;

    /// <param name="given">Which members are input and output, when that is known beforehand.</param>
    public JsonRow(FieldRoles? given = null)
    {
        _given = given;
        _writer = new Utf8JsonWriter(_nested, Compact);
    }

    public FieldRoles? Roles { get; private set; }

    /// <summary>Known after the first object; null for plain members.</summary>
    public IJsonShape? Shape { get; private set; }

    /// <summary>Objects that hold no row.</summary>
    public long Skipped { get; private set; }

    /// <summary>Reads an object that begins on the place's line.</summary>
    /// <returns>False: it holds no row, and is passed over.</returns>
    /// <exception cref="DataFormatException">It is not a JSON object, or lacks the input or the expected output.</exception>
    public bool Read(ReadOnlySpan<byte> json, IRowPlace place, RawRow row)
    {
        try
        {
            if (Roles is null)
            {
                Begin(json, place);
            }

            if (Shape is not null)
            {
                return ReadShape(Shape, json, place, row);
            }

            ReadFields(json, place, row);
            return true;
        }
        catch (JsonException error)
        {
            throw new DataFormatException(
                place.File,
                place.Line + (error.LineNumber ?? 0),
                $"byte {(error.BytePositionInLine ?? 0) + 1}: not a whole JSON object ({Reason(error)}). Each row is one object on one line, or an element of one array.");
        }
        catch (InvalidOperationException)
        {
            // The reader's answer to an escape such as \ud800 that names half a character.
            throw place.Error("a \\u escape names half of a surrogate pair, which is no character. Remove it, or write the character itself.");
        }
    }

    private void Begin(ReadOnlySpan<byte> json, IRowPlace place)
    {
        if (_given is null or { IsNone: true })
        {
            var reader = new Utf8JsonReader(json);
            using var first = JsonDocument.ParseValue(ref reader);
            Shape = JsonShapes.Find(first.RootElement);
        }

        Roles = Shape?.Roles ?? _given ?? FieldRoles.Choose(Names(json), place.File, place.Line, "field");
    }

    private bool ReadShape(IJsonShape shape, ReadOnlySpan<byte> json, IRowPlace place, RawRow row)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);

        // Anything behind the object is refused by the reader.
        reader.Read();
        if (shape.Read(document.RootElement, place) is not { } shaped)
        {
            Skipped++;
            return false;
        }

        shaped.CopyTo(row);
        return true;
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

    private void ReadFields(ReadOnlySpan<byte> json, IRowPlace place, RawRow row)
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
                Refuse(hasText, Roles.Text, place);
                hasText = true;
                row.Text = ReadText(ref reader, place, row);
            }
            else if (row.Bytes(name).SequenceEqual(Roles.ExpectedUtf8))
            {
                Refuse(hasExpected, Roles.Expected, place);
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
        Complete(hasText && row.Text.Length > 0, hasExpected && row.Expected.Length > 0, place, row, json);
    }

    private void Complete(bool hasText, bool hasExpected, IRowPlace place, RawRow row, ReadOnlySpan<byte> json)
    {
        if ((!hasText || !hasExpected) && !Roles!.IsNone)
        {
            var missing = hasText ? Roles!.Expected : Roles!.Text;
            throw place.Error($"the row has no '{missing}', or an empty one; found {FieldRoles.Listed(Names(json))}. As in the first row, every row needs '{Roles.Text}' and '{Roles.Expected}'.");
        }

        if (row.Fields.Length > MaxFields)
        {
            throw place.Error($"the row has {row.Fields.Length} fields; at most {MaxFields} make sense. Keep the ones that matter.");
        }

        if (row.SortFields() is { } twice)
        {
            Refuse(seen: true, twice, place);
        }
    }

    private static void Refuse(bool seen, string name, IRowPlace place)
    {
        if (seen)
        {
            throw place.Error($"the field '{FieldRoles.Shortened(name)}' appears twice in one row. Keep one of them.");
        }
    }

    private Slice ReadText(ref Utf8JsonReader reader, IRowPlace place, RawRow row)
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
            throw place.Error($"'{Roles!.Text}' is {found}, not a string. Put the input's text in quotes.");
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
