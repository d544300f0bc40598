using System.Text;
using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Tests.Briefs;

public sealed class BriefDrafterTests(BriefFolder folder) : IClassFixture<BriefFolder>
{
    [Fact]
    public async Task Draft_LabelledRows_ParsesAndChecksClean()
    {
        var draft = await DraftAsync("Support tickets.v2.jsonl", BriefFolder.Rows(2000, i => ($"message {i} of {BriefFolder.Label(i)}", BriefFolder.Label(i), "en")));

        await AssertCleanAsync(draft, OutputKind.Label);
        var brief = BriefParser.Parse(draft.Text).Brief!;
        Assert.Equal("support-tickets", brief.App);
        Assert.Equal([("accuracy", 0.9)], brief.Targets.Select(t => (t.Metric, t.Bound)));
        Assert.Null(brief.Scope);
    }

    [Fact]
    public async Task Draft_OutOfScopeLabel_IsRecognisedAndMeasured()
    {
        var draft = await DraftAsync("requests.jsonl", BriefFolder.Rows(3000, i => ($"message {i}", i % 6 == 0 ? "Out_of_Scope" : BriefFolder.Label(i), "en")));

        await AssertCleanAsync(draft, OutputKind.Label);
        var brief = BriefParser.Parse(draft.Text).Brief!;
        Assert.Equal("Out_of_Scope", brief.Scope!.Out!.Label);
        Assert.Equal(["in-scope-accuracy", "out-of-scope-recall"], brief.Targets.Select(t => t.Metric));
        Assert.Contains(draft.Assumptions, a => a.Contains("out of scope", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Draft_JsonAnswers_IsKindJson()
    {
        var draft = await DraftAsync("invoices.jsonl", BriefFolder.Rows(900, i => ($"invoice {i}", $$"""{"total": {{i % 5}}}""", "en")));

        await AssertCleanAsync(draft, OutputKind.Json);
    }

    [Fact]
    public async Task Draft_FreeAnswers_IsKindText()
    {
        var draft = await DraftAsync("../Q & A \"final\".jsonl", BriefFolder.Rows(300, i => ($"question {i}", $"answer number {i} of many", "en")));

        await AssertCleanAsync(draft, OutputKind.Text);
        Assert.Equal("q-a-final", BriefParser.Parse(draft.Text).Brief!.App);
    }

    [Fact]
    public async Task Draft_SplitsEachLabelBySeed_AndKeepsEveryRow()
    {
        var content = BriefFolder.Rows(1000, i => ($"message {i}", i < 950 ? BriefFolder.Label(i) : "rare", "en"));
        var draft = await DraftAsync("a.jsonl", content);
        var (train, test) = (await ReadAsync(draft, BriefDrafter.TrainPath), await ReadAsync(draft, BriefDrafter.TestPath));

        Assert.Equal(1000, train.Count + test.Count);
        Assert.Empty(train.Select(r => r.Text).Intersect(test.Select(r => r.Text)));
        Assert.Equal(10, test.Count(r => r.Expected == "rare"));
        Assert.All(train, r => Assert.Equal("en", r.Fields["language"]));

        // The split hangs on the texts alone: another order of the rows moves none.
        var reversed = await DraftAsync("a.jsonl", string.Join('\n', content.TrimEnd('\n').Split('\n').Reverse()) + "\n");
        Assert.Equal(test.Select(r => r.Text).Order(), (await ReadAsync(reversed, BriefDrafter.TestPath)).Select(r => r.Text).Order());
    }

    [Fact]
    public async Task Draft_CopiesAcrossLabels_AreNotOnBothSides()
    {
        var draft = await DraftAsync("a.jsonl", BriefFolder.Rows(1000, i => ($"message {i % 300}", i % 3 == 0 ? "a" : "b", "en")));
        var test = (await ReadAsync(draft, BriefDrafter.TestPath)).Select(r => r.Text);

        Assert.Empty((await ReadAsync(draft, BriefDrafter.TrainPath)).Select(r => r.Text).Intersect(test));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    public async Task Draft_TooFewRows_SaysSo(int rows)
    {
        var error = await Assert.ThrowsAsync<DataFormatException>(() => DraftAsync("few.jsonl", BriefFolder.Rows(rows, i => ($"m {i}", "x" + (i % 2), "en"))));

        Assert.Contains($"few.jsonl: it holds {rows} rows; at least 25", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draft_OneLabel_SaysSo() =>
        await Assert.ThrowsAsync<DataFormatException>(() => DraftAsync("one.jsonl", BriefFolder.Rows(100, i => ($"m {i}", "same", "en"))));

    [Fact]
    public async Task Draft_OneText_SaysSo() =>
        await Assert.ThrowsAsync<DataFormatException>(() => DraftAsync("one.jsonl", BriefFolder.Rows(100, i => ("same", "x" + (i % 2), "en"))));

    [Fact]
    public async Task Draft_AnyRows_ParsesWithoutErrors() =>
        await Gen.Select(Gen.Int[25, 200], Gen.Int[2, 40], Gen.String, Gen.String[0, 12]).SampleAsync(
            async (rows, labels, name, salt) =>
            {
                var label = "x" + WellFormed.Mend(salt).Replace("\0", "", StringComparison.Ordinal).Trim();
                var draft = await DraftAsync(name + ".jsonl", BriefFolder.Rows(rows, i => ($"m {i}", i % labels == 0 ? "other" : $"{label} {i % labels}", "en")));
                var parsed = BriefParser.Parse(draft.Text);
                Assert.NotNull(parsed.Brief);
                Assert.Empty(parsed.Problems);
            },
            iter: 60,
            threads: 1);

    private async Task<BriefDraft> DraftAsync(string name, string content)
    {
        var hash = await folder.Blobs.WriteAsync(Encoding.UTF8.GetBytes(content), TestContext.Current.CancellationToken);
        return await folder.Drafter.DraftAsync(new BriefDraftRequest(name, hash), TestContext.Current.CancellationToken);
    }

    private async Task AssertCleanAsync(BriefDraft draft, OutputKind kind)
    {
        Assert.NotEmpty(draft.Assumptions);
        var response = await folder.Checker.InspectAsync(new BriefSource { Text = draft.Text, Files = draft.Files }, TestContext.Current.CancellationToken);
        Assert.Empty(response.Response.Problems);
        Assert.Equal(kind, response.Brief!.Output);
    }

    private async Task<List<Row>> ReadAsync(BriefDraft draft, string path)
    {
        await using var content = folder.Blobs.Open(draft.Files[path].Sha256!);
        return await new BriefFolder.TestRowReader().ReadAsync(content, path, TestContext.Current.CancellationToken).ToListAsync();
    }
}
