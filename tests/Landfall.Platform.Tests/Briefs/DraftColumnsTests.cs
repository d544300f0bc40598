using System.Text;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Tests.Datasets.Reading;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Tests.Briefs;

/// <summary>Drafts from files as people have them, read by the real reader.</summary>
public sealed class DraftColumnsTests(BriefFolder folder) : IClassFixture<BriefFolder>
{
    private static readonly string[] Teams = ["cards", "loans", "accounts", "other"];

    private static readonly string[][] Words = [["card", "stolen", "pin"], ["loan", "rate", "mortgage"], ["balance", "statement", "iban"], ["weather", "joke", "football"]];

    [Fact]
    public async Task Draft_SpreadsheetOfTickets_FindsColumnsGroupsDatesLanguageAndSaysWhy()
    {
        var rows = Enumerable.Range(0, 600).Select(i => new[]
        {
            $"T-{i:00000}", $"2026-01-{1 + (i % 28):00} 10:00:00", $"C{i % 150}", "en", Ticket(i), Teams[i % 4], (i % 3).ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        var draft = await DraftAsync(("tickets.xlsx", new WorkbookFile().Table("Export", [["Ticket export of January"], ["id", "created_at", "customer_id", "language", "body", "team", "priority"], .. rows]).ToBytes()));

        Assert.Contains(draft.Assumptions, a => a.StartsWith("The input is the column 'body'", StringComparison.Ordinal));
        Assert.Contains(draft.Assumptions, a => a.Contains("The expected output is the column 'team': 4 different values in 600 rows, and a label's name.", StringComparison.Ordinal) && a.Contains("'priority'", StringComparison.Ordinal));
        Assert.Contains(draft.Assumptions, a => a.Contains("Rows with the same 'customer_id' belong together", StringComparison.Ordinal));
        Assert.Contains(draft.Assumptions, a => a.StartsWith("Left out", StringComparison.Ordinal) && a.Contains("'created_at'", StringComparison.Ordinal) && a.Contains("'id'", StringComparison.Ordinal));
        Assert.Contains(draft.Assumptions, a => a.Contains("a test file of the latest rows", StringComparison.Ordinal));
        Assert.Contains(draft.Assumptions, a => a.Contains("The messages are in English", StringComparison.Ordinal));
        Assert.Contains(draft.Assumptions, a => a.Contains("The label 'other' marks messages that are out of scope", StringComparison.Ordinal));

        var (train, test) = (await ReadAsync(draft, BriefDrafter.TrainPath), await ReadAsync(draft, BriefDrafter.TestPath));
        Assert.Equal(600, train.Count + test.Count);
        Assert.Empty(train.Select(r => r.Fields["group"]).Intersect(test.Select(r => r.Fields["group"])));
        Assert.InRange(test.Count, 60, 180);
        Assert.Equal(["group", "language", "priority"], train[0].Fields.Keys.Order(StringComparer.Ordinal));
        await AssertParsesAsync(draft, OutputKind.Label);
        Assert.All(draft.Assumptions, a => Assert.Contains(a[..10], draft.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draft_FolderWithTrainAndTest_KeepsThemApart()
    {
        var draft = await DraftAsync("bank", ("train.csv", Csv(0, 400)), ("test.csv", Csv(380, 520)), ("dev.csv", Csv(600, 650)));
        var (train, test, validation) = (await ReadAsync(draft, BriefDrafter.TrainPath), await ReadAsync(draft, BriefDrafter.TestPath), await ReadAsync(draft, BriefDrafter.ValidationPath));
        Assert.Equal((380, 140, 50), (train.Count, test.Count, validation.Count));
        Assert.Contains(draft.Assumptions, a => a.Contains("rows of 'test.csv' are the test, by the name", StringComparison.Ordinal));
        Assert.Contains(draft.Assumptions, a => a.Contains("20 rows are left out", StringComparison.Ordinal));
        var brief = await AssertParsesAsync(draft, OutputKind.Label);
        Assert.Equal(("bank", BriefDrafter.ValidationPath), (brief.App, brief.Data.Validation));
    }

    [Fact]
    public async Task Draft_SeveralFilesWithoutRoles_AreOneSet()
    {
        var draft = await DraftAsync("bank", ("january.csv", Csv(0, 200)), ("february.csv", Csv(200, 400)));
        Assert.Equal(400, (await ReadAsync(draft, BriefDrafter.TrainPath)).Count + (await ReadAsync(draft, BriefDrafter.TestPath)).Count);
    }

    [Fact]
    public async Task Draft_Conversations_AreMultiTurn()
    {
        var rows = Enumerable.Range(0, 200).Select(i => $$"""{"conversations":[{"from":"human","value":"hi"},{"from":"gpt","value":"hello"},{"from":"human","value":"question {{i}}"},{"from":"gpt","value":"answer {{i}} of many words"}]}""");
        var draft = await DraftAsync(("chat.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', rows))));
        var brief = await AssertParsesAsync(draft, OutputKind.Text);
        Assert.Equal(Interaction.MultiTurn, brief.Interaction);
    }

    [Fact]
    public async Task Draft_Targets_LieAboveWhatCostsNothingAndSayHowMuchThatIs()
    {
        // Nine of ten rows have one label: a target below .9 would be met by an app that has learnt nothing.
        var rows = Enumerable.Range(0, 3000).Select(i => $"{Ticket(i % 10 == 0 ? 1 + (4 * i) : 4 * i)} {i},{(i % 10 == 0 ? "loans" : "cards")}");
        var draft = await DraftAsync(("bank.csv", Encoding.UTF8.GetBytes("text,label\n" + string.Join('\n', rows))));
        var target = Assert.Single((await AssertParsesAsync(draft, OutputKind.Label)).Targets);
        Assert.InRange(target.Bound, 0.92, 0.97);
        Assert.Contains(draft.Assumptions, a => a.Contains("always answering 'cards' is right for 9", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draft_NoColumnForLabels_SaysWhatWasFound()
    {
        var error = await Assert.ThrowsAsync<DataFormatException>(() => DraftAsync(("t.csv", Encoding.UTF8.GetBytes("a,b\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i},{i * 7}"))))));
        Assert.Contains("no column looks like the input", error.Message, StringComparison.Ordinal);
        Assert.Contains("found 'a', 'b'", error.Message, StringComparison.Ordinal);
    }

    private static string Ticket(int i) => $"I have a question about my {Words[i % 4][i / 4 % 3]} and the {Words[i % 4][(i / 4 + 1) % 3]} number {i}";

    private static byte[] Csv(int from, int to) =>
        Encoding.UTF8.GetBytes("text,label\n" + string.Join('\n', Enumerable.Range(from, to - from).Select(i => $"{Ticket(i)},{Teams[i % 4]}")));

    private Task<BriefDraft> DraftAsync(params (string Name, byte[] Content)[] files) => DraftAsync(null, files);

    private async Task<BriefDraft> DraftAsync(string? name, params (string Name, byte[] Content)[] files)
    {
        var uploaded = new List<DraftFile>();
        foreach (var (fileName, content) in files)
        {
            uploaded.Add(new DraftFile(fileName, await folder.Blobs.WriteAsync(content, TestContext.Current.CancellationToken)));
        }

        var drafter = new BriefDrafter(new TestMetrics(), new TestTechniques(), new RowReader(), folder.Blobs, TextNormalizer.Normalize);
        return await drafter.DraftAsync(new BriefDraftRequest(uploaded[0].FileName, uploaded[0].Sha256) { MoreFiles = [.. uploaded.Skip(1)], Name = name }, TestContext.Current.CancellationToken);
    }

    private async Task<Brief> AssertParsesAsync(BriefDraft draft, OutputKind kind)
    {
        var checker = new BriefChecker(new TestMetrics(), new TestTechniques(), new RowReader(), folder.Blobs, TextNormalizer.Normalize);
        var inspection = await checker.InspectAsync(new BriefSource { Text = draft.Text, Files = draft.Files }, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(inspection.Response.Problems, p => p.Severity == Severity.Error);
        Assert.Equal(kind, inspection.Brief!.Output);
        return inspection.Brief;
    }

    private async Task<List<Row>> ReadAsync(BriefDraft draft, string path)
    {
        await using var content = folder.Blobs.Open(draft.Files[path].Sha256!);
        return await new RowReader().ReadAsync(content, path, TestContext.Current.CancellationToken).ToListAsync();
    }
}
