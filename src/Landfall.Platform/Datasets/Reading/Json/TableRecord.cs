using System.Buffers;
using System.Text.Json;

namespace Landfall.Platform.Datasets.Reading.Json;

/// <summary>A record of a table as a JSON object, so that tables may hold all that JSON files may: conversations, preference pairs.</summary>
internal sealed class TableRecord
{
    private static readonly string[][] Marks = [["messages"], ["conversations"], ["instruction", "output"], ["chosen", "rejected"]];

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 12);
    private readonly Utf8JsonWriter _json;

    public TableRecord() => _json = new Utf8JsonWriter(_bytes, CompactJson.Options);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Whether columns may hold a well-known shape of JSON.</summary>
    public static bool MayBeShaped(IReadOnlyList<string> columns) => Marks.Any(m => m.All(n => columns.Contains(n, StringComparer.Ordinal)));

    public void Begin()
    {
        _bytes.ResetWrittenCount();
        _json.Reset(_bytes);
        _json.WriteStartObject();
    }

    /// <summary>Adds a cell; an empty one means that the record does not have the field.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            _json.WriteString(name, value);
        }
    }

    public Utf8JsonWriter Value(string name)
    {
        _json.WritePropertyName(name);
        return _json;
    }

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
    }
}
