using System.Runtime.InteropServices;
using System.Text;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>
/// Comma-separated values as in RFC 4180, with a header line and any of the usual delimiters. An empty cell of a further
/// column is a field that the row does not have.
/// </summary>
/// <param name="delimiter">What stands between two cells.</param>
/// <param name="given">Which columns are input and output, when that is known beforehand.</param>
internal sealed class CsvParser(byte delimiter, FieldRoles? given) : RecordParser
{
    /// <summary>As many as a worksheet can have.</summary>
    private const int MaxColumns = 16_384;

    private readonly RawRow _cells = new();
    private readonly List<Slice> _slices = [];
    private bool _quoted;
    private byte[][]? _header;
    private JsonRow? _json;
    private TableRecord? _record;
    private int _text;
    private int _expected;

    /// <summary>The columns that are neither the input nor the expected output; known with the header.</summary>
    public IReadOnlyList<string> OtherColumns { get; private set; } = [];

    public override string? Shape => _json?.Shape?.Name;

    public override bool TryRead(ByteWindow window, RawRow row)
    {
        while (true)
        {
            var length = ReadRecord(window);
            if (length < 0)
            {
                return false;
            }

            var record = window.Unread[..length];
            window.CheckLength(length);
            CheckText(window, record);
            var isRow = !IsBlank() && TakeRow(window, record, row);
            window.Advance(length, record.Count((byte)'\n'));
            if (isRow)
            {
                return true;
            }
        }
    }

    private bool IsBlank() => _slices.Count == 1 && !_quoted && _cells.Bytes(_slices[0]).Trim(" \t\r"u8).IsEmpty;

    /// <summary>False: this was the header.</summary>
    private bool TakeRow(ByteWindow window, ReadOnlySpan<byte> record, RawRow row)
    {
        if (_header is null)
        {
            TakeHeader(window);
            return false;
        }

        if (_slices.Count != _header.Length)
        {
            throw window.Error(record[0] == (byte)'{'
                ? $"expected {_header.Length} cells as in the header, found what looks like JSON: {Quoted(record)}. A file holds rows of one format: split it, or convert these rows."
                : $"the row has {Cells(_slices.Count)}, the header {_header.Length}. Put cells that contain {DelimiterName(delimiter)}, quotes or line ends in double quotes, and fill the row up to {_header.Length}.");
        }

        if (_json is not null)
        {
            return TakeRecord(_json, window, row);
        }

        row.Clear();
        for (var i = 0; i < _slices.Count; i++)
        {
            var value = row.Append(_cells.Bytes(_slices[i]));
            if (i == _text)
            {
                row.Text = value;
            }
            else if (i == _expected)
            {
                row.Expected = value;
            }
            else if (value.Length > 0)
            {
                row.AddField(row.Append(_header[i]), value);
            }
        }

        if ((row.Text.Length == 0 || row.Expected.Length == 0) && !Roles!.IsNone)
        {
            throw window.Error($"the cell of '{(row.Text.Length == 0 ? Roles!.Text : Roles!.Expected)}' is empty. Fill it in, or delete the row.");
        }

        row.SortFields();
        return true;
    }

    /// <summary>Reads the cells as the members of a JSON object.</summary>
    private bool TakeRecord(JsonRow json, ByteWindow window, RawRow row)
    {
        _record ??= new TableRecord();
        _record.Begin();
        for (var i = 0; i < _slices.Count; i++)
        {
            _record.Add(_header![i], _cells.Bytes(_slices[i]));
        }

        _record.End();
        var isRow = json.Read(_record.Written, window, row);
        Roles = json.Roles;
        return isRow;
    }

    private static string Cells(int count) => count == 1 ? "1 cell" : $"{count} cells";

    internal static string DelimiterName(byte delimiter) => delimiter == (byte)'\t' ? "a tab" : $"'{(char)delimiter}'";

    private void TakeHeader(ByteWindow window)
    {
        var names = _slices.Select((s, i) =>
        {
            var name = Encoding.UTF8.GetString(_cells.Bytes(s)).Trim();
            return name.Length > 0 ? name : $"column{i + 1}";
        }).ToList();
        if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw window.Error($"the header names '{FieldRoles.Shortened(twice.Key)}' {twice.Count()} times. Give each column a name of its own.");
        }

        _header = names.Select(Encoding.UTF8.GetBytes).ToArray();
        if (given is null or { IsNone: true } && TableRecord.MayBeShaped(names))
        {
            _json = new JsonRow(given);
            OtherColumns = names;
            return;
        }

        Roles = given ?? FieldRoles.Choose(names, window.File, window.Line, "column");
        _text = names.IndexOf(Roles.Text);
        _expected = names.IndexOf(Roles.Expected);
        OtherColumns = names.Where((_, i) => i != _text && i != _expected).ToList();
    }

    /// <summary>Cuts the next record into cells; returns its length with the line end, or -1 when the window holds no whole one.</summary>
    private int ReadRecord(ByteWindow window)
    {
        var bytes = window.Unread;
        if (bytes.IsEmpty)
        {
            return -1;
        }

        _cells.Clear();
        _slices.Clear();
        _quoted = false;
        var at = 0;
        while (true)
        {
            var end = at < bytes.Length && bytes[at] == (byte)'"' ? ReadQuotedCell(window, bytes, at + 1) : ReadPlainCell(window, bytes, at);
            if (_slices.Count > MaxColumns)
            {
                throw window.Error($"the line has more than {MaxColumns} columns. Is {DelimiterName(delimiter)} what stands between the cells? Keep the columns that matter, one row a line.");
            }

            if (end.Next < 0 || end.EndsRecord)
            {
                return end.Next;
            }

            at = end.Next;
        }
    }

    private CellEnd ReadPlainCell(ByteWindow window, ReadOnlySpan<byte> bytes, int at)
    {
        var rest = bytes[at..];
        var length = rest.IndexOfAny(delimiter, (byte)'\n');
        if (length < 0 && !window.Ended)
        {
            return CellEnd.Unfinished;
        }

        var isLast = length < 0 || rest[length] == (byte)'\n';
        var cell = length < 0 ? rest : rest[..length];
        _slices.Add(_cells.Append(isLast && cell.EndsWith("\r"u8) ? cell[..^1] : cell));
        return new CellEnd(length < 0 ? bytes.Length : at + length + 1, isLast);
    }

    private CellEnd ReadQuotedCell(ByteWindow window, ReadOnlySpan<byte> bytes, int at)
    {
        _quoted = true;
        var cell = _cells.Append([]);
        while (true)
        {
            var quote = bytes[at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                return window.Ended
                    ? throw new DataFormatException(window.File, window.Line + bytes[..at].Count((byte)'\n'), "a double quote is opened here and never closed. Close it, or double it where it belongs to the text.")
                    : CellEnd.Unfinished;
            }

            // A doubled quote stands for one: it is taken along with the part before it.
            var next = at + quote + 1;
            var isDoubled = next < bytes.Length && bytes[next] == (byte)'"';
            cell = cell with { Length = cell.Length + _cells.Append(bytes[at..(isDoubled ? next : next - 1)]).Length };
            at = isDoubled ? next + 1 : next;
            if (!isDoubled)
            {
                _slices.Add(cell);
                return BehindQuote(window, bytes, at);
            }
        }
    }

    private CellEnd BehindQuote(ByteWindow window, ReadOnlySpan<byte> bytes, int at)
    {
        var rest = bytes[at..];
        if (rest.IsEmpty || (rest.Length == 1 && rest[0] == (byte)'\r'))
        {
            return window.Ended ? new CellEnd(bytes.Length, EndsRecord: true) : CellEnd.Unfinished;
        }

        if (rest[0] == delimiter)
        {
            return new CellEnd(at + 1, EndsRecord: false);
        }

        if (rest[0] == (byte)'\n' || rest.StartsWith("\r\n"u8))
        {
            return new CellEnd(at + (rest[0] == (byte)'\n' ? 1 : 2), EndsRecord: true);
        }

        throw new DataFormatException(
            window.File,
            window.Line + bytes[..at].Count((byte)'\n'),
            $"found {Quoted(rest)} behind a closing double quote. Within a quoted cell, write each double quote twice.");
    }

    /// <summary>Where the next cell begins, or -1 when the window ends within this one.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct CellEnd(int Next, bool EndsRecord)
    {
        public static CellEnd Unfinished { get; } = new(-1, EndsRecord: false);
    }
}
