using Landfall.Platform.Datasets.Reading.Json;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>A sheet with a row that names the columns, and rows below it.</summary>
internal sealed class SheetTable : IDisposable
{
    /// <summary>Titles and notes may stand above the header, but not more of them.</summary>
    private const int HeaderSearch = 50;

    private readonly SheetReader _reader;
    private readonly Queue<SheetRow> _waiting;

    private SheetTable(SheetReader reader, string sheet, string place, SheetRow header, IEnumerable<SheetRow> waiting)
    {
        (_reader, Sheet, Place, HeaderRow) = (reader, sheet, place, header.Number);
        _waiting = new Queue<SheetRow>(waiting);
        var width = _waiting.Select(r => r.Cells.Count == 0 ? 0 : r.Cells.Last().Key + 1).Prepend(header.Cells.Last().Key + 1).Max();
        for (var column = 0; column < width; column++)
        {
            var name = header.Cells.GetValueOrDefault(column, "").Trim();
            Columns[column] = name.Length > 0 ? name : $"column{column + 1}";
        }

        if (Columns.Values.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new DataFormatException(place, HeaderRow, $"the header names '{FieldRoles.Shortened(twice.Key)}' {twice.Count()} times. Give each column a name of its own.");
        }
    }

    public string Sheet { get; }

    /// <summary>What messages call it.</summary>
    public string Place { get; }

    public long HeaderRow { get; }

    /// <summary>Names by column.</summary>
    public SortedDictionary<int, string> Columns { get; } = [];

    /// <summary>The named sheet's table, or that of the first visible sheet which has one.</summary>
    /// <exception cref="DataFormatException">There is none.</exception>
    public static SheetTable Find(Workbook workbook, string file, RowReading reading)
    {
        var sheets = workbook.Sheets.Where(s => reading.Sheet is null ? s.IsVisible : string.Equals(s.Name, reading.Sheet, StringComparison.OrdinalIgnoreCase)).ToList();
        if (sheets.Count == 0)
        {
            var names = FieldRoles.Listed([.. workbook.Sheets.Where(s => s.IsVisible).Select(s => s.Name)]);
            throw new DataFormatException(file, 0, reading.Sheet is null ? "the workbook has no visible sheet. Show the one that holds the rows." : $"there is no sheet '{FieldRoles.Shortened(reading.Sheet)}'; the visible ones are {names}.");
        }

        var firstRows = new List<string>();
        foreach (var sheet in sheets)
        {
            if (TryOpen(workbook, sheet, $"{file}, sheet '{FieldRoles.Shortened(sheet.Name)}'", reading, firstRows) is { } table)
            {
                return table;
            }
        }

        throw firstRows.Count == 0
            ? new DataFormatException(file, 0, "the file has no rows: its visible sheets are empty. Write a header such as 'text' and 'label', and a row below it.")
            : new DataFormatException(
                file,
                0,
                $"no sheet has a row that names a column for the input ({string.Join(", ", FieldRoles.TextNames)}) and one for the expected output ({string.Join(", ", FieldRoles.ExpectedNames)}); {string.Join("; ", firstRows.Take(3))}. Rename the columns that hold them.");
    }

    /// <summary>The next row with something in it, or null.</summary>
    public SheetRow? Read() => _waiting.TryDequeue(out var row) ? row : _reader.Read();

    public void Dispose() => _reader.Dispose();

    private static SheetTable? TryOpen(Workbook workbook, SheetEntry sheet, string place, RowReading reading, List<string> firstRows)
    {
        var reader = new SheetReader(workbook, sheet, place);
        try
        {
            var rows = new List<SheetRow>();
            while (rows.Count < HeaderSearch && reader.Read() is { } row)
            {
                rows.Add(row);
            }

            if (HeaderOf(rows, reading) is { } header)
            {
                return new SheetTable(reader, sheet.Name, place, header, rows.Where(r => r.Number > header.Number));
            }

            if (rows.Count > 0)
            {
                firstRows.Add($"sheet '{FieldRoles.Shortened(sheet.Name)}' begins with {FieldRoles.Listed([.. rows[0].Cells.Values])}");
            }
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        reader.Dispose();
        return null;
    }

    private static SheetRow? HeaderOf(List<SheetRow> rows, RowReading reading)
    {
        if (reading is { TextField: { } text, ExpectedField: { } expected })
        {
            return rows.FirstOrDefault(r => Names(r).Contains(text) && Names(r).Contains(expected));
        }

        var known = rows.FirstOrDefault(r => FieldRoles.AreIn(Names(r)) || TableRecord.MayBeShaped(Names(r)));
        return known ?? (reading.FieldsOnly && rows.Count > 1 ? rows.FirstOrDefault(r => r.Cells.Count > 1 && r.Cells.Count >= rows.Max(o => o.Cells.Count) - 1) : null);
    }

    private static List<string> Names(SheetRow row) => [.. row.Cells.Values.Select(v => v.Trim())];
}
