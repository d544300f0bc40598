using System.Globalization;
using System.Xml;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>A row of a sheet: its number, and its cells that are not empty, by column from 0.</summary>
internal sealed record SheetRow(long Number, SortedDictionary<int, string> Cells);

/// <summary>Reads a sheet row by row.</summary>
internal sealed class SheetReader : IDisposable
{
    /// <summary>The last column is XFD.</summary>
    public const int MaxColumns = 16_384;

    private readonly Workbook _workbook;
    private readonly string _place;
    private readonly XmlReader _xml;
    private readonly MergedCells _merged;
    private long _number;

    /// <param name="workbook">The workbook.</param>
    /// <param name="sheet">Its sheet.</param>
    /// <param name="place">What messages call the sheet.</param>
    public SheetReader(Workbook workbook, SheetEntry sheet, string place)
    {
        (_workbook, _place) = (workbook, place);
        _merged = MergedCells.Read(workbook, sheet);
        _xml = workbook.OpenXml(sheet.Part);
    }

    public void Dispose() => _xml.Dispose();

    /// <summary>The next row that has something in it, or null.</summary>
    public SheetRow? Read()
    {
        while (_xml.Read())
        {
            if (_xml.NodeType == XmlNodeType.EndElement && _xml.LocalName == "sheetData")
            {
                return null;
            }

            if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "row")
            {
                _number = long.TryParse(_xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : _number + 1;
                var row = new SheetRow(_number, ReadCells());
                _merged.Remember(row);
                if (row.Cells.Count > 0)
                {
                    _merged.Fill(row);
                    return row;
                }
            }
        }

        return null;
    }

    private SortedDictionary<int, string> ReadCells()
    {
        var cells = new SortedDictionary<int, string>();
        if (_xml.IsEmptyElement)
        {
            return cells;
        }

        var (depth, column) = (_xml.Depth, -1);
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "c")
            {
                column = _xml.GetAttribute("r") is { } reference ? CellReference.Column(reference) : column + 1;
                if (column is < 0 or >= MaxColumns)
                {
                    throw new DataFormatException(_place, _number, $"the row has cells beyond column {MaxColumns} (XFD), where a sheet ends. Keep the columns that matter.");
                }

                if (ReadCell() is { Length: > 0 } value)
                {
                    cells[column] = value;
                }
            }
        }

        return cells;
    }

    /// <summary>The cell's value as text; null for none, and for an error such as <c>#N/A</c>.</summary>
    private string? ReadCell()
    {
        var type = _xml.GetAttribute("t");
        var style = int.TryParse(_xml.GetAttribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var s) ? s : -1;
        if (_xml.IsEmptyElement)
        {
            return null;
        }

        var depth = _xml.Depth;
        string? value = null, inline = null;
        var isFormula = false;
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (_xml.LocalName)
            {
                case "v":
                    value = CellText.ReadPlain(_xml);
                    break;
                case "is":
                    inline = CellText.ReadRich(_xml);
                    break;
                case "f":
                    isFormula = true;
                    break;
                default:
                    break;
            }
        }

        return isFormula && value is null
            ? throw new DataFormatException(_place, _number, "a formula has no stored value. Open the workbook in a spreadsheet program, save it, and import it again.")
            : Show(type, style, value, inline);
    }

    private string? Show(string? type, int style, string? value, string? inline) => type switch
    {
        "s" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _workbook.Texts.Count
            ? _workbook.Texts.Get(index)
            : throw new DataFormatException(_place, _number, $"a cell names the shared text '{FieldRoles.Shortened(value ?? "")}', which the workbook does not have: it is damaged. Save it again."),
        "inlineStr" => inline,
        "str" => value is null ? null : CellText.Unescape(value),
        "b" => value is null ? null : value.Trim() is "1" or "true" ? "true" : "false",
        "e" => null,
        "d" => value,
        _ => value is null ? inline : _workbook.FormatOf(style).Show(value.Trim(), _workbook.From1904),
    };
}

/// <summary>References such as <c>B12</c>.</summary>
internal static class CellReference
{
    /// <summary>The column from 0; -1 when there is none, and a number beyond all columns when it is too great.</summary>
    public static int Column(ReadOnlySpan<char> reference)
    {
        var column = 0L;
        foreach (var c in reference)
        {
            if (!char.IsAsciiLetter(c) || column > int.MaxValue / 32)
            {
                break;
            }

            column = (column * 26) + (char.ToUpperInvariant(c) - 'A' + 1);
        }

        return (int)column - 1;
    }

    /// <summary>The row from 1; 0 when there is none.</summary>
    public static long Row(ReadOnlySpan<char> reference) =>
        long.TryParse(reference.TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : 0;
}
