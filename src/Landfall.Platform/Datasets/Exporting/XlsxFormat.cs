using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Landfall.Platform.Datasets.Exporting;

/// <summary>
/// An Excel workbook with one sheet of texts. All cells are text, which is never evaluated; those that look like formulas are
/// also marked as quoted, so that they stay text when somebody edits them.
/// </summary>
internal sealed class XlsxFormat : TableFormat
{
    private const int MaxCell = 32_767;
    private const int MaxRows = 1_048_576;
    private const uint Quoted = 1;

    public override string Name => "xlsx";

    public override string ContentType => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public override async Task WriteAsync(IAsyncEnumerable<Datasets.Row> rows, ExportSurvey survey, Stream output, CancellationToken cancellation)
    {
        if (survey.Rows + 1 > MaxRows)
        {
            throw new DataFormatException("xlsx export", 0, $"there are {survey.Rows} rows, and a sheet ends at {MaxRows}. Export them as csv, jsonl or parquet.");
        }

        using var document = SpreadsheetDocument.Create(output, SpreadsheetDocumentType.Workbook);
        var workbook = document.AddWorkbookPart();
        var styles = workbook.AddNewPart<WorkbookStylesPart>();
        styles.Stylesheet = new Stylesheet(
            new Fonts(new Font()),
            new Fills(new Fill()),
            new Borders(new Border()),
            new CellStyleFormats(new CellFormat()),
            new CellFormats(new CellFormat(), new CellFormat { QuotePrefix = true }));
        var sheet = workbook.AddNewPart<WorksheetPart>();
        using (var xml = OpenXmlWriter.Create(sheet))
        {
            xml.WriteStartElement(new Worksheet());
            xml.WriteStartElement(new SheetData());
            WriteRow(xml, 1, survey.Fields.Prepend("label").Prepend("text"));
            var number = 1;
            await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
            {
                WriteRow(xml, ++number, survey.Fields.Select(f => row.Fields.GetValueOrDefault(f, "")).Prepend(row.Expected).Prepend(row.Text));
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        workbook.Workbook = new Workbook(new Sheets(new Sheet { Name = "Rows", SheetId = 1, Id = workbook.GetIdOfPart(sheet) }));
    }

    protected override string? ChangeOf(string cell, long row) => cell.Length <= MaxCell
        ? null
        : throw new DataFormatException("xlsx export", row, $"a text has {cell.Length} characters, and a cell holds {MaxCell}. Export the rows as csv, jsonl or parquet.");

    private static void WriteRow(OpenXmlWriter xml, int number, IEnumerable<string> cells)
    {
        xml.WriteStartElement(new DocumentFormat.OpenXml.Spreadsheet.Row(), [new OpenXmlAttribute("r", "", number.ToString(CultureInfo.InvariantCulture))]);
        var column = 0;
        foreach (var text in cells)
        {
            if (text.Length > 0)
            {
                List<OpenXmlAttribute> attributes = [new("r", "", CellReferenceOf(column, number)), new("t", "", "inlineStr")];
                if (LooksLikeFormula(text))
                {
                    attributes.Add(new OpenXmlAttribute("s", "", Quoted.ToString(CultureInfo.InvariantCulture)));
                }

                xml.WriteStartElement(new Cell(), attributes);
                xml.WriteElement(new InlineString(new Text(Escape(text)) { Space = SpaceProcessingModeValues.Preserve }));
                xml.WriteEndElement();
            }

            column++;
        }

        xml.WriteEndElement();
    }

    private static string CellReferenceOf(int column, int row)
    {
        var letters = "";
        for (var left = column + 1; left > 0; left = (left - 1) / 26)
        {
            letters = (char)('A' + ((left - 1) % 26)) + letters;
        }

        return letters + row.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What XML cannot hold, and what would be read as such an escape, as <c>_xHHHH_</c>.</summary>
    private static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is (< ' ' and not ('\t' or '\n')) or '\uFFFE' or '\uFFFF' || (c == '_' && i + 1 < text.Length && text[i + 1] == 'x'))
            {
                result.Append(CultureInfo.InvariantCulture, $"_x{(int)c:X4}_");
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }
}
