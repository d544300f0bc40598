using System.Text;
using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>Rows of a sheet of an Excel workbook, below the row that names the columns.</summary>
internal sealed class XlsxRowSource : RowSource, IRowPlace
{
    private readonly Stream _content;
    private readonly Workbook _workbook;
    private readonly SheetTable _table;
    private readonly string _file;
    private readonly int _maxRowBytes;
    private readonly JsonRow _json;
    private readonly TableRecord _record = new();
    private readonly Dictionary<int, byte[]> _names;
    private bool _ended;

    private XlsxRowSource(Stream content, Workbook workbook, SheetTable table, string file, RowReading reading, int maxRowBytes)
    {
        (_content, _workbook, _table, _file, _maxRowBytes) = (content, workbook, table, file, maxRowBytes);
        var columns = table.Columns.Values.ToList();
        var given = FieldRoles.Given(reading);
        _json = new JsonRow(given ?? (TableRecord.MayBeShaped(columns) ? null : FieldRoles.Choose(columns, table.Place, table.HeaderRow, "column")));
        _names = table.Columns.ToDictionary(c => c.Key, c => Encoding.UTF8.GetBytes(c.Value));
    }

    public override FileFormat Format { get; } = new("xlsx", "utf-8", Delimiter: null);

    public override FieldRoles? Roles => _json.Roles;

    public override IReadOnlyList<string> OtherColumns => [.. _table.Columns.Values.Where(c => c != Roles?.Text && c != Roles?.Expected)];

    public override string Sheet => _table.Sheet;

    public override IReadOnlyList<string> Sheets => [.. _workbook.Sheets.Where(s => s.IsVisible).Select(s => s.Name)];

    public override long Skipped => _json.Skipped;

    public override long BytesTaken => Math.Min(_content.Position, _content.Length);

    public long Line { get; private set; }

    string IRowPlace.File => _table.Place;

    protected override string? Shape => _json.Shape?.Name;

    protected override string File => _file;

    protected override bool IsAtEnd => _ended;

    /// <param name="content">A stream that can seek.</param>
    /// <param name="file">Its name.</param>
    /// <param name="reading">Which sheet, and which columns.</param>
    /// <param name="maxRowBytes">The longest row.</param>
    /// <exception cref="DataFormatException">It is no workbook, is damaged, or no sheet has a table of rows.</exception>
    public static XlsxRowSource Open(Stream content, string file, RowReading reading, int maxRowBytes) => Guard(file, () =>
    {
        var workbook = new Workbook(content, file, maxRowBytes);
        try
        {
            return new XlsxRowSource(content, workbook, SheetTable.Find(workbook, file, reading), file, reading, maxRowBytes);
        }
        catch
        {
            workbook.Dispose();
            throw;
        }
    });

    public DataFormatException Error(string problem) => new(_table.Place, Line, problem);

    public override ValueTask FillAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        _table.Dispose();
        _workbook.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override bool TryReadNext(RawRow row) => Guard(_file, () =>
    {
        while (_table.Read() is { } cells)
        {
            Line = cells.Number;
            _record.Begin();
            foreach (var (column, value) in cells.Cells)
            {
                if (_names.TryGetValue(column, out var name))
                {
                    _record.Add(name, Encoding.UTF8.GetBytes(value));
                }
            }

            _record.End();
            if (_record.Written.Length > _maxRowBytes)
            {
                throw Error($"the row is longer than {_maxRowBytes >> 20} MB. Shorten it.");
            }

            if (_json.Read(_record.Written, this, row))
            {
                return true;
            }
        }

        _ended = true;
        return false;
    });

    /// <summary>Whatever the libraries say of bytes that are no workbook becomes one message.</summary>
    private static T Guard<T>(string file, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is not (DataFormatException or OperationCanceledException or OutOfMemoryException))
        {
            throw new DataFormatException(file, 0, $"the workbook is damaged or was cut off ({FieldRoles.Shortened(error.Message)}). Save or download it again, or save the rows as CSV.", error);
        }
    }
}
