using System.Xml;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>
/// Cells merged over several rows: the file holds the value once, at the top; each row that they span has it. Of cells merged over
/// columns only the first has the value, so that a title above several columns names the first of them.
/// </summary>
internal sealed class MergedCells
{
    private const int MaxMerges = 1_000_000;

    private readonly Dictionary<(long Row, int Column), long> _lastRows = [];
    private readonly Dictionary<int, (long Last, string Value)> _open = [];

    /// <summary>The merges stand behind the rows in the file, so that it is read once for them.</summary>
    public static MergedCells Read(Workbook workbook, SheetEntry sheet)
    {
        var merged = new MergedCells();
        using var xml = workbook.OpenXml(sheet.Part);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "mergeCell" && xml.GetAttribute("ref")?.Split(':') is [var from, var to] && merged._lastRows.Count < MaxMerges)
            {
                var (first, last) = (CellReference.Row(from), CellReference.Row(to));
                if (last > first)
                {
                    merged._lastRows[(first, CellReference.Column(from))] = last;
                }
            }
        }

        return merged;
    }

    /// <summary>Notes the values that go on in later rows.</summary>
    public void Remember(SheetRow row)
    {
        if (_lastRows.Count == 0)
        {
            return;
        }

        foreach (var (column, value) in row.Cells)
        {
            if (_lastRows.TryGetValue((row.Number, column), out var last))
            {
                _open[column] = (last, value);
            }
        }
    }

    public void Fill(SheetRow row)
    {
        foreach (var (column, (last, value)) in _open)
        {
            if (last >= row.Number)
            {
                row.Cells.TryAdd(column, value);
            }
        }
    }
}
