using System.IO.Compression;
using CsCheck;
using Landfall.Platform.Datasets;
using static Landfall.Platform.Tests.Datasets.Reading.WorkbookFile;

namespace Landfall.Platform.Tests.Datasets.Reading;

public sealed class WorkbookTests
{
    [Fact]
    public Task ReadAsync_AnyTextsInASheet_GivesTheRows() =>
        Gen.Select(RowFiles.Text, RowFiles.Text, RowFiles.Text).Array[1, 12].SampleAsync(
            async cells =>
            {
                // A workbook cannot tell an inner carriage return from a line feed, nor hold control characters as they are.
                string Kept(string text) => string.Concat(text.ReplaceLineEndings("\n").Where(c => c >= ' ' || c == '\n'));
                var rows = cells.Select(c => (Kept(c.Item1) + "x", Kept(c.Item2) + "x", Kept(c.Item3))).ToList();
                var file = new WorkbookFile().Table("Data", [["text", "label", "note"], .. rows.Select(r => new[] { r.Item1, r.Item2, r.Item3 })]);
                var expected = rows.Select(r => CanonicalRow.Create(r.Item1, r.Item2, r.Item3.Length == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { ["note"] = r.Item3 })).ToList();
                RowFiles.AssertSame(expected, await RowFiles.ReadAsync(file.ToBytes(), "rows.xlsx"));
            },
            iter: 60);

    [Theory]
    [InlineData("14", "46350", "2026-11-24")]
    [InlineData("22", "46350.75", "2026-11-24T18:00:00")]
    [InlineData("20", "0.75", "18:00:00")]
    [InlineData("46", "1.5", "36:00:00")]
    [InlineData("yyyy\"年\"m\"月\"d\"日\"", "46350", "2026-11-24")]
    [InlineData("[$-409]mmm d, yyyy;@", "46350", "2026-11-24")]
    [InlineData("mmm", "46350", "2026-11-24")]
    [InlineData("[h]:mm", "1.25", "30:00:00")]
    [InlineData("h:mm", "0.5", "12:00:00")]
    [InlineData("14", "59", "1900-02-28")]
    [InlineData("14", "61", "1900-03-01")]
    [InlineData("14", "1", "1900-01-01")]
    [InlineData("14", "2958465", "9999-12-31")]
    [InlineData("14", "-5", "-5")]
    [InlineData("9", "0.25", "25%")]
    [InlineData("10", "0.1234", "12.34%")]
    [InlineData("0.0%", "0.07", "7%")]
    [InlineData("0", "0.30000000000000004", "0.3")]
    [InlineData("0", "1234567", "1234567")]
    [InlineData("0", "1E+20", "1E+20")]
    [InlineData("#,##0.00\" days\"", "2.5", "2.5")]
    [InlineData("\\d0", "7", "7")]
    [InlineData("General", "12.5", "12.5")]
    public async Task ReadAsync_NumberWithFormat_IsShownByIt(string format, string value, string shown)
    {
        var rows = Row(1, "text", "label", "value") + $"<row r=\"2\">{Text("A2", "a")}{Text("B2", "b")}<c r=\"C2\" s=\"0\"><v>{value}</v></c></row>";
        var read = await RowFiles.ReadAsync(new WorkbookFile().Formats(format).Sheet("Data", rows).ToBytes(), "rows.xlsx");
        Assert.Equal(shown, read[0].Fields["value"]);
    }

    [Fact]
    public async Task ReadAsync_DateOf1904_CountsFromThere()
    {
        var rows = Row(1, "text", "label", "day") + $"<row r=\"2\">{Text("A2", "a")}{Text("B2", "b")}<c r=\"C2\" s=\"0\"><v>44888</v></c></row>";
        var read = await RowFiles.ReadAsync(new WorkbookFile().Formats("14").From1904().Sheet("Data", rows).ToBytes(), "rows.xlsx");
        Assert.Equal("2026-11-24", read[0].Fields["day"]);
    }

    [Fact]
    public async Task ReadAsync_SharedRichFormulaBooleanAndError_GiveTheirValues()
    {
        var rows = Row(1, "text", "label", "sum", "flag", "lookup")
            + "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"B2\" t=\"s\"><v>1</v></c><c r=\"C2\"><f>1+2</f><v>3</v></c><c r=\"D2\" t=\"b\"><v>1</v></c><c r=\"E2\" t=\"e\"><v>#N/A</v></c></row>"
            + "<row r=\"3\"/><row><c/></row>"
            + "<row r=\"7\"><c t=\"str\"><f>A2</f><v>a_x000A_b</v></c><c t=\"s\"><v>1</v></c></row>";
        var file = new WorkbookFile().Shared("<r><rPr><b/></rPr><t>Where is </t></r><r><t xml:space=\"preserve\">my card?</t></r><rPh sb=\"0\" eb=\"1\"><t>reading aid</t></rPh>", "<t>card</t>").Sheet("Data", rows);
        var read = await RowFiles.ReadAsync(file.ToBytes(), "rows.xlsx");
        Assert.Equal(2, read.Count);
        Assert.Equal(("Where is my card?", "card"), (read[0].Text, read[0].Expected));
        Assert.Equal(new Dictionary<string, string> { ["sum"] = "3", ["flag"] = "true" }, read[0].Fields);
        Assert.Equal("a\nb", read[1].Text);
    }

    [Fact]
    public async Task ReadAsync_MergedOverRows_GivesEachRowTheValue()
    {
        var rows = Row(1, "Tickets of November") + Row(3, "text", "label") + Row(4, "a", "card") + Row(5, "b") + Row(6, "c") + Row(7, "d", "loan");
        var read = await RowFiles.ReadAsync(new WorkbookFile().Sheet("Data", rows, after: "<mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"B4:B6\"/></mergeCells>").ToBytes(), "rows.xlsx");
        Assert.Equal(["a card", "b card", "c card", "d loan"], read.Select(r => $"{r.Text} {r.Expected}"));
    }

    [Fact]
    public async Task ReadAsync_SeveralSheets_TakesTheFirstVisibleOneWithBothColumnsOrTheNamedOne()
    {
        var file = new WorkbookFile()
            .Sheet("Old", Row(1, "text", "label") + Row(2, "hidden", "x"), state: "hidden")
            .Table("Notes", ["about", "this"], ["a", "b"])
            .Table("Data", ["Question", "Intent"], ["a", "b"])
            .Table("More", ["text", "label"], ["c", "d"]).ToBytes();
        Assert.Equal("a", Assert.Single(await RowFiles.ReadAsync(file, "rows.xlsx")).Text);
        Assert.Equal("c", Assert.Single(await ReadSheetAsync(file, "more")).Text);
        Assert.Equal("hidden", Assert.Single(await ReadSheetAsync(file, "Old")).Text);
        Assert.Contains("there is no sheet 'Other'; the visible ones are 'Notes', 'Data', 'More'", (await Assert.ThrowsAsync<DataFormatException>(() => ReadSheetAsync(file, "Other"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_BadSheets_SayWhatIsWrongAndWhere()
    {
        await AssertErrorAsync(new WorkbookFile().Table("Data", ["body", "team"], ["a", "b"]), "no sheet has a row that names a column for the input", "sheet 'Data' begins with 'body', 'team'");
        await AssertErrorAsync(new WorkbookFile().Sheet("Data", ""), "the file has no rows");
        await AssertErrorAsync(new WorkbookFile().Table("Data", ["text", "label"]), "the file has no rows");
        await AssertErrorAsync(new WorkbookFile().Sheet("Data", "", state: "veryHidden"), "no visible sheet");
        await AssertErrorAsync(new WorkbookFile().Table("Data", ["text", "label"], ["a", "b"], ["", "c"]), "rows.xlsx, sheet 'Data', line 3: the row has no 'text'");
        await AssertErrorAsync(new WorkbookFile().Table("Data", ["text", "label", "x", "x"], ["a", "b", "c", "d"]), "'x' 2 times");
        await AssertErrorAsync(new WorkbookFile().Sheet("Data", Row(1, "text", "label") + "<row r=\"2\"><c r=\"A2\"><f>B9</f></c></row>"), "line 2: a formula has no stored value");
        await AssertErrorAsync(new WorkbookFile().Sheet("Data", Row(1, "text", "label") + "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>5</v></c></row>"), "names the shared text '5'");
        await AssertErrorAsync(new WorkbookFile().Sheet("Data", Row(1, "text", "label") + $"<row r=\"2\">{Text("BHLQVJ2", "a")}</row>"), "beyond column 16384");
        await AssertErrorAsync(new WorkbookFile().Sheet("Data", "<!DOCTYPE x [<!ENTITY a \"b\">]>&a;"), "the workbook is damaged");
    }

    [Fact]
    public async Task ReadAsync_ZipBomb_IsRefusedBeforeItIsUnpacked()
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (zip.CreateEntry("[Content_Types].xml").Open())
            {
            }

            using var entry = zip.CreateEntry("xl/worksheets/sheet1.xml").Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++)
            {
                entry.Write(zeros);
            }
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Contains("would unpack from", (await RowFiles.ErrorAsync(bytes.ToArray(), "rows.xlsx")).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 150 << 20);
    }

    [Fact]
    public async Task ReadAsync_ArchiveThatIsNoWorkbook_SaysSo()
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("rows.csv");
        }

        Assert.Contains("ZIP archive, but no Excel workbook", (await RowFiles.ErrorAsync(bytes.ToArray(), "rows.zip")).Message, StringComparison.Ordinal);
    }

    private static async Task AssertErrorAsync(WorkbookFile file, params string[] parts)
    {
        var error = await RowFiles.ErrorAsync(file.ToBytes(), "rows.xlsx");
        Assert.All(parts, p => Assert.Contains(p, error.Message, StringComparison.Ordinal));
    }

    private static async Task<List<Row>> ReadSheetAsync(byte[] content, string sheet)
    {
        using var stream = new MemoryStream(content);
        return await new RowReader().ReadAsync(stream, "rows.xlsx", new RowReading { Sheet = sheet }, CancellationToken.None).ToListAsync();
    }
}
