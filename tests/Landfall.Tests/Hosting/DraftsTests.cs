using System.Security.Cryptography;
using System.Text;
using Landfall.Protocol;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Drafts;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Tests.Hosting;

/// <summary>What the console does, through the API of a real server: drafts, landings from them, releases compared.</summary>
public sealed class DraftsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private RunningServer Server => fixture.Server;

    private LandfallClient Client => fixture.Server.Client;

    [Fact]
    public async Task AddBlob_Content_IsStoredUnderItsHash()
    {
        var content = RandomNumberGenerator.GetBytes(3 << 20);

        var blob = await Client.AddBlobAsync(new MemoryStream(content));

        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(content)), content.LongLength), (blob.Sha256, blob.Size));
        using var back = new MemoryStream();
        await Client.GetBlobAsync(blob.Sha256, back);
        Assert.Equal(content, back.ToArray());
    }

    [Fact]
    public async Task CreateDraft_FromAFile_CanBeEditedAndLanded()
    {
        var draft = await Client.CreateDraftAsync(new DraftRequest { Source = await UploadAsync("from-file.csv") });

        Assert.Equal(1, draft.Revision);
        Assert.NotEmpty(draft.Assumptions);
        var form = (await Client.ReadBriefFormAsync(new BriefFormRequest(draft.Text))).Form!;
        Assert.Equal("from-file", form.App);
        var edit = await Client.EditBriefAsync(new BriefEditRequest(draft.Text, form with { Targets = [form.Targets[0] with { Bound = 0.5 }] }));
        var changed = await Client.ChangeDraftAsync(draft.Id, new DraftChange(edit.Text, draft.Revision));
        Assert.Equal(2, changed.Revision);
        Assert.Equal(edit.Text, (await Client.GetDraftAsync(draft.Id)).Text);

        await LandAsync(changed);
        Assert.True((await Client.GetDraftsAsync()).Single(d => d.Id == draft.Id).IsLanded);
        Assert.Equal(draft.Id, (await Client.CreateDraftAsync(new DraftRequest { App = "from-file" })).Id);
    }

    [Fact]
    public async Task CreateDraft_WithChosenColumns_TakesThoseAndNoOthers()
    {
        var rows = Enumerable.Range(0, 60).Select(i => $"\"ticket {i} about {(i % 2 == 0 ? "light" : "waste")}\",{(i % 2 == 0 ? "lamps" : "bins")},always,never");
        var blob = await Client.AddBlobAsync(new MemoryStream(Encoding.UTF8.GetBytes("report,office,text,label\n" + string.Join('\n', rows))));

        var draft = await Client.CreateDraftAsync(new DraftRequest { Source = new DraftSource("chosen.csv", blob.Sha256, blob.Size, "report", "office") });

        using var train = new MemoryStream();
        await Client.GetBlobAsync(draft.Files["data/train.jsonl"].Sha256!, train);
        var first = System.Text.Json.Nodes.JsonNode.Parse(Encoding.UTF8.GetString(train.ToArray()).Split('\n')[0])!;
        Assert.StartsWith("ticket", (string?)first["text"], StringComparison.Ordinal);
        Assert.True((string?)first["label"] is "lamps" or "bins");
        Assert.Equal(("always", "never"), ((string?)first["text (column)"], (string?)first["label (column)"]));
        Assert.True((await Client.CheckBriefAsync(new BriefSource { Text = draft.Text, Files = draft.Files })).IsValid);
    }

    [Fact]
    public async Task CreateDraft_WithAColumnThatIsNotThere_SaysWhichThereAre()
    {
        var source = (await UploadAsync("wrong-column.csv")) with { TextField = "text", ExpectedField = "nothing" };

        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => Client.CreateDraftAsync(new DraftRequest { Source = source }));

        Assert.Equal((422, ErrorCodes.DataInvalid), (refused.Problem.Status, refused.Code));
        Assert.Contains("nothing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChangeDraft_OfAnOlderRevision_IsAConflictAndLosesNothing()
    {
        var draft = await Client.CreateDraftAsync(new DraftRequest { Source = await UploadAsync("two-editors.csv") });
        await Client.ChangeDraftAsync(draft.Id, new DraftChange("first", draft.Revision));

        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => Client.ChangeDraftAsync(draft.Id, new DraftChange("second", draft.Revision)));

        Assert.Equal((409, ErrorCodes.Conflict), (refused.Problem.Status, refused.Code));
        Assert.Equal("first", (await Client.GetDraftAsync(draft.Id)).Text);
    }

    [Fact]
    public async Task CreateDraft_OfAFoldersApp_IsACopyThatTakesTheNameOverWhenLanded()
    {
        await Server.LandAsync(await Server.RequestAsync(AppFiles.English("from-folder"), origin: "a folder"));

        var copy = await Client.CreateDraftAsync(new DraftRequest { App = "from-folder" });

        Assert.Equal("from-folder", copy.CopyOf);
        await LandAsync(copy, takeOver: true);
        var again = await Server.RefusedAsync(await Server.RequestAsync(AppFiles.English("from-folder"), origin: "a folder"), 409, ErrorCodes.AppExists);
        Assert.Contains("--take-over", again.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task CreateDraft_OfNothingOrBoth_IsABadRequest(bool source, bool app)
    {
        var request = new DraftRequest { Source = source ? new DraftSource("a.csv", new string('a', 64), 1) : null, App = app ? "x" : null };

        Assert.Equal(400, (await Assert.ThrowsAsync<LandfallApiException>(() => Client.CreateDraftAsync(request))).Problem.Status);
    }

    [Fact]
    public async Task RemoveDraft_There_IsGone()
    {
        var draft = await Client.CreateDraftAsync(new DraftRequest { Source = await UploadAsync("to-remove.csv") });

        await Client.RemoveDraftAsync(draft.Id);

        Assert.Equal(404, (await Assert.ThrowsAsync<LandfallApiException>(() => Client.GetDraftAsync(draft.Id))).Problem.Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<LandfallApiException>(() => Client.RemoveDraftAsync(draft.Id))).Problem.Status);
    }

    [Fact]
    public async Task Compare_TwoCandidates_GivesTheFiguresOfTheirReport()
    {
        var report = await Server.LandAsync(AppFiles.English("compared"));

        var comparison = await Client.CompareAsync("compared", "1/nearest", "linear", limit: 500);

        Assert.Equal((report.Data.TestRows, report.Data.TestRows), (comparison.Rows, comparison.TestRows));
        foreach (var metric in comparison.Metrics)
        {
            AssertSame(report.Candidates[0].Metrics[metric.Metric], metric.A);
            AssertSame(report.Candidates[1].Metrics[metric.Metric], metric.B);
            Assert.Equal(metric.B.Value - metric.A.Value, metric.Difference, 12);
        }

        var paired = Assert.Single(report.Comparisons);
        var accuracy = comparison.Metrics.Single(m => m.Metric == "accuracy");
        Assert.Equal(-paired.Difference, accuracy.Difference, 12);
        Assert.InRange(accuracy.P!.Value, paired.P - 1e-12, 1);
        Assert.Null(comparison.Metrics.Single(m => m.Metric == "latency-p95-ms").P);

        // What was fixed less what was broken is the difference in right answers.
        Assert.Equal(Math.Round(accuracy.Difference * comparison.Rows), comparison.Fixed - comparison.Broken);
        Assert.Equal(comparison.Total, comparison.Changes.Count);
        Assert.All(comparison.Changes.Where(c => c.Change == AnswerChange.Fixed), c => Assert.Equal(c.Expected, c.B));
        Assert.All(comparison.Changes.Where(c => c.Change == AnswerChange.Broken), c => Assert.Equal(c.Expected, c.A));
        var broken = await Client.CompareAsync("compared", "1/nearest", "linear", "broken", limit: 500);
        Assert.Equal(comparison.Changes.Where(c => c.Change == AnswerChange.Broken), broken.Changes);
    }

    [Fact]
    public async Task MakeLive_EarlierLanding_TakesTheTrafficAgain()
    {
        var first = await Server.LandAsync(AppFiles.English("rolled-back"));
        await Server.LandAsync(AppFiles.English("rolled-back").WithBrief(brief => brief + "\nscope: { in: [bills] }\n"));
        static string Reworded(string rows) => rows.Replace("{\"text\":\"", "{\"text\":\"well, ", StringComparison.Ordinal);
        var request = await Server.RequestAsync(AppFiles.English("rolled-back").With("data/train.jsonl", Reworded).With("data/test.jsonl", Reworded));
        await Server.LandAsync(request with { AllowRegression = true });
        var landings = await Client.GetLandingsAsync("rolled-back");
        Assert.Equal([3, 2, 1], landings.Select(l => l.Number));
        Assert.Equal(3, landings.Single(l => l.IsLive).Number);

        var live = await Client.MakeLiveAsync("rolled-back", 1);

        Assert.Equal(first.Release, live);
        Assert.Equal(first.Release, (await Client.GetAppAsync("rolled-back")).App.Release);
        Assert.NotEqual(first.Data.TestVersion, (await Client.GetLandingAsync("rolled-back", 3)).Report.Data.TestVersion);
        Assert.Equal(404, (await Assert.ThrowsAsync<LandfallApiException>(() => Client.MakeLiveAsync("rolled-back", 9))).Problem.Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<LandfallApiException>(() => Client.CompareAsync("rolled-back", "1", "9"))).Problem.Status);
        Assert.Equal(409, (await Assert.ThrowsAsync<LandfallApiException>(() => Client.CompareAsync("rolled-back", "1", "3"))).Problem.Status);
    }

    [Fact]
    public async Task MakeLive_LandingWithoutARelease_IsAConflict()
    {
        await Server.LandAsync(AppFiles.English("unreleased", targets: "[{ metric: accuracy, at-least: 0.60 }, { metric: latency-p95-ms, at-most: 0.000001 }]"));

        Assert.Null(Assert.Single(await Client.GetLandingsAsync("unreleased")).Release);
        Assert.Equal(409, (await Assert.ThrowsAsync<LandfallApiException>(() => Client.MakeLiveAsync("unreleased", 1))).Problem.Status);
    }

    private static void AssertSame(MetricValue expected, MetricValue actual)
    {
        Assert.Equal(expected.Value, actual.Value, 12);
        Assert.Equal(expected.Low, actual.Low, 12);
        Assert.Equal(expected.High, actual.High, 12);
        Assert.Equal(expected.N, actual.N);
    }

    private async Task LandAsync(Draft draft, bool takeOver = false)
    {
        var source = new BriefSource { Text = draft.Text, Files = draft.Files };
        var run = await Server.RunAsync(new() { Brief = source, Origin = draft.Origin, ReplaceOrigin = takeOver });
        Assert.True(run.State == RunState.Completed, run.Error);
    }

    private async Task<DraftSource> UploadAsync(string name)
    {
        var rows = Encoding.UTF8.GetString(AppFiles.English().Files["data/train.jsonl"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var csv = "text,label\n" + string.Join('\n', rows.Select(row => System.Text.Json.Nodes.JsonNode.Parse(row)!).Select(row => $"\"{row["text"]}\",{row["label"]}"));
        var blob = await Client.AddBlobAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)));
        return new DraftSource(name, blob.Sha256, blob.Size);
    }
}
