using System.IO.Compression;
using System.Security;
using System.Text;

namespace Landfall.Platform.Tests.Datasets.Reading;

/// <summary>Writes workbooks by hand, as ECMA-376 has them, with no code of the reader's or of its library.</summary>
internal sealed class WorkbookFile
{
    private readonly List<(string Name, string State, string Xml)> _sheets = [];
    private string _shared = "";
    private string _styles = "";
    private string _properties = "";

    public WorkbookFile Sheet(string name, string rows, string state = "", string after = "")
    {
        _sheets.Add((name, state, $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData>{after}</worksheet>"));
        return this;
    }

    /// <summary>A sheet of inline texts.</summary>
    public WorkbookFile Table(string name, params string[][] rows) => Sheet(name, string.Concat(rows.Select((cells, r) => Row(r + 1, cells))));

    public WorkbookFile Shared(params string[] items)
    {
        _shared = $"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{string.Concat(items.Select(i => $"<si>{i}</si>"))}</sst>";
        return this;
    }

    /// <summary>Number formats: the cell style i has the i-th code, or, when it is a number, the built-in format of that id.</summary>
    public WorkbookFile Formats(params string[] codes)
    {
        var custom = string.Concat(codes.Select((c, i) => int.TryParse(c, out _) ? "" : $"<numFmt numFmtId=\"{200 + i}\" formatCode=\"{SecurityElement.Escape(c)}\"/>"));
        var cells = string.Concat(codes.Select((c, i) => $"<xf numFmtId=\"{(int.TryParse(c, out var id) ? id : 200 + i)}\"/>"));
        _styles = $"<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts>{custom}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>";
        return this;
    }

    public WorkbookFile From1904()
    {
        _properties = "<workbookPr date1904=\"1\"/>";
        return this;
    }

    public static string Row(int number, params string[] cells) => $"<row r=\"{number}\">{string.Concat(cells.Select((c, i) => Text($"{(char)('A' + i)}{number}", c)))}</row>";

    public static string Text(string reference, string text) => text.Length == 0 ? "" : $"<c r=\"{reference}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></is></c>";

    public byte[] ToBytes()
    {
        const string Main = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            void Add(string name, string xml)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open(), new UTF8Encoding(false));
                writer.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);
            }

            var overrides = string.Concat(_sheets.Select((_, i) => $"<Override PartName=\"/xl/worksheets/sheet{i + 1}.xml\" ContentType=\"{Main}worksheet+xml\"/>"));
            var sheets = string.Concat(_sheets.Select((s, i) => $"<sheet name=\"{SecurityElement.Escape(s.Name)}\" sheetId=\"{i + 1}\" {(s.State.Length > 0 ? $"state=\"{s.State}\"" : "")} r:id=\"rId{i + 1}\"/>"));
            var relations = string.Concat(_sheets.Select((_, i) => $"<Relationship Id=\"rId{i + 1}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>"));
            if (_shared.Length > 0)
            {
                overrides += $"<Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{Main}sharedStrings+xml\"/>";
                relations += $"<Relationship Id=\"rIdT\" Type=\"{Relations}/sharedStrings\" Target=\"sharedStrings.xml\"/>";
                Add("xl/sharedStrings.xml", _shared);
            }

            if (_styles.Length > 0)
            {
                overrides += $"<Override PartName=\"/xl/styles.xml\" ContentType=\"{Main}styles+xml\"/>";
                relations += $"<Relationship Id=\"rIdS\" Type=\"{Relations}/styles\" Target=\"styles.xml\"/>";
                Add("xl/styles.xml", _styles);
            }

            Add("[Content_Types].xml", $"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"{Main}sheet.main+xml\"/>{overrides}</Types>");
            Add("_rels/.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Add("xl/workbook.xml", $"<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{Relations}\">{_properties}<sheets>{sheets}</sheets></workbook>");
            Add("xl/_rels/workbook.xml.rels", $"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>");
            for (var i = 0; i < _sheets.Count; i++)
            {
                Add($"xl/worksheets/sheet{i + 1}.xml", _sheets[i].Xml);
            }
        }

        return stream.ToArray();
    }
}
