using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Landfall.Platform.Datasets.Reading;

namespace Landfall.Platform.Datasets;

/// <summary>
/// The one written form of a row, whatever file it came from: a line
/// <c>{"text":"...","expected":"...","fields":{"a":"...","b":"..."}}</c> with the fields sorted by the bytes of their names
/// (left out when there are none), no white space, and no escapes but <c>\" \\ \b \t \n \f \r</c> and <c>\u00XX</c> for the
/// other control characters. A row's identity is the first 128 bits of the sha256 of that line without its line end, and a
/// dataset's version is the sha256 of all lines. The form is written by hand, because both must outlive every change
/// of a JSON library's escaping.
/// </summary>
public static class CanonicalRow
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>A row with the identity that its content gives it.</summary>
    public static Row Create(string text, string expected, IReadOnlyDictionary<string, string> fields)
    {
        var line = new ArrayBufferWriter<byte>();
        Write(text, expected, fields, line);
        return new Row(IdOf(line.WrittenSpan), text, expected, fields);
    }

    /// <summary>Writes rows as the content of a dataset version.</summary>
    public static async Task WriteAllAsync(IEnumerable<Row> rows, Stream output, CancellationToken cancellation)
    {
        var line = new ArrayBufferWriter<byte>();
        foreach (var row in rows)
        {
            line.ResetWrittenCount();
            Write(row.Text, row.Expected, row.Fields, line);
            line.Write("\n"u8);
            await output.WriteAsync(line.WrittenMemory, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The identity of a row by its canonical line, without line end.</summary>
    internal static string IdOf(ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    private static void Write(string text, string expected, IReadOnlyDictionary<string, string> fields, IBufferWriter<byte> line)
    {
        var raw = new RawRow();
        raw.Text = raw.Append(Encoding.UTF8.GetBytes(text));
        raw.Expected = raw.Append(Encoding.UTF8.GetBytes(expected));
        foreach (var (name, value) in fields)
        {
            raw.AddField(raw.Append(Encoding.UTF8.GetBytes(name)), raw.Append(Encoding.UTF8.GetBytes(value)));
        }

        raw.SortFields();
        Write(raw, line);
    }

    /// <summary>Writes the row, whose fields are sorted, without line end.</summary>
    internal static void Write(RawRow row, IBufferWriter<byte> line)
    {
        line.Write("{\"text\":"u8);
        WriteString(row.TextBytes, line);
        line.Write(",\"expected\":"u8);
        WriteString(row.ExpectedBytes, line);
        for (var i = 0; i < row.Fields.Length; i++)
        {
            line.Write(i == 0 ? ",\"fields\":{"u8 : ","u8);
            WriteString(row.Bytes(row.Fields[i].Name), line);
            line.Write(":"u8);
            WriteString(row.Bytes(row.Fields[i].Value), line);
        }

        line.Write(row.Fields.IsEmpty ? "}"u8 : "}}"u8);
    }

    /// <summary>Reads a canonical line.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static void Read(ReadOnlySpan<byte> line, RawRow row)
    {
        row.Clear();
        try
        {
            var reader = new Utf8JsonReader(line);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("fields"u8))
                {
                    ReadFields(ref reader, row);
                }
                else if (reader.ValueTextEquals("text"u8))
                {
                    reader.Read();
                    row.Text = Copy(ref reader, row);
                }
                else
                {
                    reader.Read();
                    row.Expected = Copy(ref reader, row);
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("A stored dataset version is damaged: a line is not a canonical row. Import the file again.", error);
        }
    }

    private static void ReadFields(ref Utf8JsonReader reader, RawRow row)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Copy(ref reader, row);
            reader.Read();
            row.AddField(name, Copy(ref reader, row));
        }
    }

    private static Slice Copy(ref Utf8JsonReader reader, RawRow row) =>
        reader.ValueIsEscaped ? row.Commit(reader.CopyString(row.Reserve(reader.ValueSpan.Length))) : row.Append(reader.ValueSpan);

    private static void WriteString(ReadOnlySpan<byte> utf8, IBufferWriter<byte> line)
    {
        line.Write("\""u8);
        while (true)
        {
            var plain = utf8.IndexOfAny(Escaped);
            if (plain < 0)
            {
                break;
            }

            line.Write(utf8[..plain]);
            WriteEscape(utf8[plain], line);
            utf8 = utf8[(plain + 1)..];
        }

        line.Write(utf8);
        line.Write("\""u8);
    }

    private static void WriteEscape(byte value, IBufferWriter<byte> line)
    {
        switch ((char)value)
        {
            case '"':
                line.Write("\\\""u8);
                break;
            case '\\':
                line.Write("\\\\"u8);
                break;
            case '\b':
                line.Write("\\b"u8);
                break;
            case '\t':
                line.Write("\\t"u8);
                break;
            case '\n':
                line.Write("\\n"u8);
                break;
            case '\f':
                line.Write("\\f"u8);
                break;
            case '\r':
                line.Write("\\r"u8);
                break;
            default:
                line.Write("\\u00"u8);
                line.Write([(byte)('0' + (value >> 4)), "0123456789abcdef"u8[value & 15]]);
                break;
        }
    }
}
