using CsCheck;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Exporting;
using Landfall.Platform.Storage;

namespace Landfall.Platform.Tests.Datasets;

public sealed class ExportTests : IDisposable
{
    private const string Calls = """[{"type":"function","function":{"name":"weather","arguments":"{}"}}]""";

    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-export-").FullName;
    private readonly BlobStore _blobs;
    private readonly DatasetExporter _exporter;

    public ExportTests()
    {
        _blobs = new BlobStore(_folder);
        _exporter = new DatasetExporter(new DatasetReader(_blobs));
    }

    private static Gen<Row[]> Conversations { get; } = Gen.Select(RowFiles.Text, RowFiles.Text, RowFiles.Text, RowFiles.Text, Gen.Int[0, 63])
        .Select((text, expected, system, other, parts) =>
        {
            var fields = new Dictionary<string, string>();
            void Add(int bit, string name, string value)
            {
                if ((parts & bit) != 0)
                {
                    fields[name] = value;
                }
            }

            Add(1, ReservedFields.System, system);
            Add(2, ReservedFields.History, Landfall.Platform.Datasets.Reading.Json.CompactJson.Of([new("user", other), new("assistant", system)]));
            Add(4, "source", other);
            Add(8, ReservedFields.Group, system);
            return CanonicalRow.Create(text, expected, fields);
        }).Array[1, 12];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("jsonl")]
    [InlineData("openai")]
    [InlineData("sharegpt")]
    [InlineData("alpaca")]
    [InlineData("xlsx")]
    [InlineData("parquet")]
    public Task ExportAsync_ConversationsAndFields_ComeBackAsTheyWere(string format) =>
        Conversations.SampleAsync(
            async rows =>
            {
                var (back, losses) = await ThereAndBackAsync(rows, format);
                Assert.Empty(losses);
                RowFiles.AssertSame(rows, back);
            },
            iter: 25,
            threads: 1);

    [Fact]
    public Task ExportAsync_Preference_ComesBackAsItWas() =>
        Gen.Select(Conversations, RowFiles.Text).SampleAsync(
            async (rows, rejected) =>
            {
                var pairs = rows.Select(r => CanonicalRow.Create(r.Text, r.Expected, new Dictionary<string, string>(r.Fields) { [ReservedFields.Rejected] = rejected })).ToList();
                var (back, losses) = await ThereAndBackAsync(pairs, "preference");
                Assert.Empty(losses);
                RowFiles.AssertSame(pairs, back);
            },
            iter: 25,
            threads: 1);

    [Fact]
    public Task ExportAsync_AnyRowsAsCsv_ComeBackOrTheLossIsNamed() =>
        RowFiles.Rows.SampleAsync(
            async rows =>
            {
                var (back, losses) = await ThereAndBackAsync(rows, "csv");
                if (losses.Count == 0)
                {
                    RowFiles.AssertSame(rows, back);
                }
                else
                {
                    Assert.All(losses, l => Assert.Contains("apostrophe", l, StringComparison.Ordinal));
                    Assert.Equal(rows.Select(r => r.Text), back.Select(r => r.Text.StartsWith('\'') && rows.All(o => o.Text != r.Text) ? r.Text[1..] : r.Text));
                }
            },
            iter: 60,
            threads: 1);

    [Fact]
    public async Task ExportAsync_Formulas_AreDisarmed()
    {
        Row[] rows = [Row("=HYPERLINK(\"http://x\")", "@a"), Row("+1", "-2"), Row("plain", "b")];
        var (csv, losses) = await ThereAndBackAsync(rows, "csv");
        Assert.Equal(["'=HYPERLINK(\"http://x\")", "'+1", "plain"], csv.Select(r => r.Text));
        Assert.Equal("4 cells: an apostrophe stands before what a spreadsheet program would take for a formula.", Assert.Single(losses));

        var (xlsx, none) = await ThereAndBackAsync(rows, "xlsx");
        Assert.Empty(none);
        Assert.Equal(rows.Select(r => r.Text), xlsx.Select(r => r.Text));
        await using var file = (await ExportAsync(rows, "xlsx")).Content;
        using var zip = new System.IO.Compression.ZipArchive(file);
        using var sheet = new StreamReader(zip.Entries.First(e => e.FullName.Contains("worksheets/", StringComparison.Ordinal)).Open());
        var xml = await sheet.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<x:f>", xml, StringComparison.Ordinal);
        Assert.Contains("s=\"1\"", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExportAsync_ToolCalls_ComeBackFromOpenAiAndSingleOnesFromShareGpt()
    {
        Row[] rows =
        [
            Row("rain?", "no", (ReservedFields.Steps, $$"""[{"role":"assistant","content":"","tool_calls":{{Calls}}},{"role":"tool","content":"sun"}]"""), (ReservedFields.Tools, "[{\"type\":\"function\"}]")),
            Row("rain?", Calls, (ReservedFields.ToolCalls, Calls)),
        ];
        foreach (var format in new[] { "openai", "sharegpt" })
        {
            var (back, losses) = await ThereAndBackAsync(rows, format);
            Assert.Empty(losses);
            RowFiles.AssertSame(rows, back);
        }
    }

    [Theory]
    [InlineData("preference", "2 rows: left out, for they have no 'rejected' answer, and so are no pairs.")]
    [InlineData("alpaca", "1 row: the field 'history' has no place in the format.")]
    [InlineData("openai", "1 row: the field 'messages' has no place in the format.")]
    [InlineData("csv", "The field 'label' is left out: a column cannot have this name.")]
    [InlineData("jsonl", "1 row: the field 'label' has no place in the format.")]
    public async Task ExportAsync_WhatTheFormatCannotHold_IsNamed(string format, string loss)
    {
        var export = await ExportAsync(
            [
                Row("a", "b", (ReservedFields.History, """[{"role":"user","content":"x"},{"role":"user","content":"y"}]"""), ("messages", "m"), ("label", "l")),
                Row("c", "d"),
            ],
            format);
        await using var content = export.Content;
        Assert.Contains(loss, export.Losses);
    }

    [Fact]
    public async Task ExportAsync_TextBeyondACell_IsRefused()
    {
        var error = await Assert.ThrowsAsync<DataFormatException>(() => ExportAsync([Row(new string('a', 40_000), "b")], "xlsx"));
        Assert.Contains("a cell holds 32767", error.Message, StringComparison.Ordinal);
    }

    private static Row Row(string text, string expected, params (string Name, string Value)[] fields) => CanonicalRow.Create(text, expected, fields.ToDictionary(f => f.Name, f => f.Value));

    private async Task<ExportedDataset> ExportAsync(IEnumerable<Row> rows, string format)
    {
        var version = await _blobs.WriteAsync(stream => CanonicalRow.WriteAllAsync(rows, stream, CancellationToken.None), CancellationToken.None);
        return await _exporter.ExportAsync(version, format, CancellationToken.None);
    }

    private async Task<(List<Row> Rows, IReadOnlyList<string> Losses)> ThereAndBackAsync(IEnumerable<Row> rows, string format)
    {
        var export = await ExportAsync(rows, format);
        await using var content = export.Content;
        return (await new RowReader().ReadAsync(content, "rows" + export.Extension, CancellationToken.None).ToListAsync(), export.Losses);
    }
}
