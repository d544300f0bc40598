using System.IO.Compression;
using System.Security;
using System.Text;

namespace Landfall.EndToEnd.Browser;

/// <summary>The smallest workbook that a spreadsheet program opens: one sheet of texts (ECMA-376, inline strings).</summary>
internal static class Workbook
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Package = "http://schemas.openxmlformats.org/package/2006";

    public static byte[] Of(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "[Content_Types].xml", $"""
                <Types xmlns="{Package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>
                """);
            Add(archive, "_rels/.rels", Relation("officeDocument", "xl/workbook.xml"));
            Add(archive, "xl/workbook.xml", $"""<workbook xmlns="{Main}" xmlns:r="{Relations}"><sheets><sheet name="Letters" sheetId="1" r:id="r1"/></sheets></workbook>""");
            Add(archive, "xl/_rels/workbook.xml.rels", Relation("worksheet", "worksheets/sheet1.xml"));
            Add(archive, "xl/worksheets/sheet1.xml", $"""<worksheet xmlns="{Main}"><sheetData>{string.Concat(rows.Select(Row))}</sheetData></worksheet>""");
        }

        return file.ToArray();
    }

    private static string Row(IReadOnlyList<string> cells, int index) =>
        $"""<row r="{index + 1}">{string.Concat(cells.Select((cell, i) => $"""<c r="{(char)('A' + i)}{index + 1}" t="inlineStr"><is><t>{SecurityElement.Escape(cell)}</t></is></c>"""))}</row>""";

    private static string Relation(string type, string target) =>
        $"""<Relationships xmlns="{Package}/relationships"><Relationship Id="r1" Type="{Relations}/{type}" Target="{target}"/></Relationships>""";

    private static void Add(ZipArchive archive, string name, string content)
    {
        using var part = archive.CreateEntry(name).Open();
        part.Write(Encoding.UTF8.GetBytes(content.Trim()));
    }
}
