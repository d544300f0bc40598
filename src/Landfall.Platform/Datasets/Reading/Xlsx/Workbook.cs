using System.Xml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Landfall.Platform.Datasets.Reading.Xlsx;

/// <summary>A sheet of a workbook.</summary>
internal sealed record SheetEntry(string Name, bool IsVisible, WorksheetPart Part);

/// <summary>An Excel workbook that is open: its sheets, the texts they share, and the number formats of their cells.</summary>
internal sealed class Workbook : IDisposable
{
    private readonly SpreadsheetDocument _document;
    private readonly List<NumberFormat> _formats = [];
    private readonly string _file;
    private readonly int _maxToken;

    /// <param name="content">A stream that can seek; it stays open.</param>
    /// <param name="file">Its name.</param>
    /// <param name="maxToken">The longest text of a cell, in bytes.</param>
    /// <exception cref="DataFormatException">It is no workbook, or is damaged or hostile.</exception>
    public Workbook(Stream content, string file, int maxToken)
    {
        (_file, _maxToken) = (file, maxToken);
        ArchiveCheck.Check(content, file);
        content.Position = 0;
        _document = SpreadsheetDocument.Open(content, isEditable: false);
        try
        {
            var part = _document.WorkbookPart ?? throw NoWorkbook();
            var workbook = part.Workbook ?? throw NoWorkbook();
            From1904 = workbook.WorkbookProperties?.Date1904?.Value ?? false;
            Sheets = [.. workbook.Descendants<Sheet>()
                .Where(s => s.Id?.Value is { } id && part.Parts.Any(p => p.RelationshipId == id && p.OpenXmlPart is WorksheetPart))
                .Select(s => new SheetEntry(s.Name?.Value ?? "", s.State is null || s.State.Value == SheetStateValues.Visible, (WorksheetPart)part.GetPartById(s.Id!.Value!)))];
            ReadFormats(part.WorkbookStylesPart?.Stylesheet);
            Texts = part.SharedStringTablePart is { } shared ? SharedTexts.Read(OpenXml(shared), file) : new SharedTexts(file);
        }
        catch
        {
            _document.Dispose();
            throw;
        }
    }

    public bool From1904 { get; }

    public IReadOnlyList<SheetEntry> Sheets { get; }

    public SharedTexts Texts { get; }

    /// <summary>The format of a cell's style.</summary>
    public NumberFormat FormatOf(int style) => style >= 0 && style < _formats.Count ? _formats[style] : NumberFormat.General;

    /// <summary>Opens a part's XML: no document type, no text longer than a cell's.</summary>
    public XmlReader OpenXml(OpenXmlPart part) => XmlReader.Create(
        new TokenLimitedStream(part.GetStream(FileMode.Open, FileAccess.Read), _maxToken, () => new DataFormatException(_file, 0, $"a cell's text is longer than {_maxToken >> 20} MB. Shorten it.")),
        new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true, CloseInput = true });

    public void Dispose() => _document.Dispose();

    private DataFormatException NoWorkbook() => new(_file, 0, "this is an Office file, but no Excel workbook of the .xlsx kind. Save the rows as .xlsx, CSV or JSON lines.");

    private void ReadFormats(Stylesheet? styles)
    {
        var codes = new Dictionary<uint, string?>();
        foreach (var format in styles?.NumberingFormats?.Elements<NumberingFormat>() ?? [])
        {
            codes[format.NumberFormatId?.Value ?? 0] = format.FormatCode?.Value;
        }

        foreach (var cell in styles?.CellFormats?.Elements<CellFormat>() ?? [])
        {
            var id = cell.NumberFormatId?.Value ?? 0;
            _formats.Add(NumberFormat.Of(id, codes.GetValueOrDefault(id)));
        }
    }
}
