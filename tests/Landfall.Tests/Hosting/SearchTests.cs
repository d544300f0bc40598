using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Landfall.Protocol.Search;

namespace Landfall.Tests.Hosting;

/// <summary>Searches for settings, through the API of a real server.</summary>
public sealed class SearchTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Linear = """
        search:
          technique: linear
          trials: 6
          settings: { cost: { from: 0.01, to: 100, scale: log }, threshold: [auto, none] }
        """;

    private const string Candidates = "SELECT COUNT(*) FROM candidates";

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task Search_ItsWinner_IsFoundTrainedByALanding()
    {
        var app = AppFiles.English("winner", seed: 91, more: Linear);
        var result = await SearchAsync(await RequestAsync(app));

        Assert.Equal(("linear", "tpe", "accuracy", 6), (result.Plan.Technique, result.Plan.Method, result.Plan.Metric, result.Trials.Count));
        Assert.All(result.Trials, t => Assert.Equal((TrialStatus.Measured, 1.0), (t.Status, t.Share)));
        Assert.Equal(result.Trials.Max(t => t.Score!.Value), result.Best!.Score!.Value);
        Assert.Equal(result.ValidationRows, result.Best.Score.N);
        Assert.True(result.TrainRows + result.ValidationRows <= 240);
        Assert.Contains(result.Notes, note => note.Contains("flatters", StringComparison.Ordinal));

        var trained = Server.Count(Candidates);
        var landed = await Server.LandAsync(app.WithBrief(brief => $"{brief}\ntechniques:\n  {result.TechniqueYaml}\n"));
        var candidate = Assert.Single(landed.Candidates);
        Assert.Equal((result.Best.Candidate, CandidateStatus.Measured), (candidate.Hash, candidate.Status));
        Assert.Equal(0, landed.Data.EarlierLooks);
        Assert.Equal(trained, Server.Count(Candidates));
    }

    [Fact]
    public async Task Search_ByHalving_TriesAllOnAPartAndTheBestOnAllRows()
    {
        var result = await SearchAsync(await RequestAsync(AppFiles.English("halving", train: 600, more: Linear.Replace("trials: 6", "trials: 9\n  method: asha", StringComparison.Ordinal))));

        Assert.Equal(9, result.Trials.Count(t => t.Rung == 0));
        Assert.True(result.Trials.Count(t => t.Share == 1) is >= 1 and <= 5);
        Assert.Equal(1, result.Best!.Share);
        Assert.All(result.Trials.Where(t => t.Promotes is not null), t => Assert.Equal(result.Trials[t.Promotes!.Value - 1].Settings, t.Settings));
        Assert.Equal(result.Trials.Sum(t => t.TrainedRows), result.TrainedRows);
        Assert.True(result.TrainedRows < 9 * result.TrainRows);
        Assert.Contains(result.Notes, note => note.Contains("of the training, where all settings were tried", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Search_CancelledAndResumed_EndsAsOneThatWasNot()
    {
        var request = (await RequestAsync(AppFiles.English("resumed", more: Linear))) with { Trials = 12, Seed = 3 };
        var run = (await Server.Client.SearchAsync(request)).Id;
        await foreach (var next in Server.Client.FollowRunAsync(run))
        {
            if (next.Log?.Message.StartsWith("Trial 4 ", StringComparison.Ordinal) is true)
            {
                await Server.Client.CancelRunAsync(run);
            }
        }

        var stopped = await Server.Client.GetSearchAsync(run);
        Assert.Equal(RunState.Cancelled, stopped.Run.State);
        Assert.InRange(stopped.Trials.Count, 4, 11);
        await Server.Client.ResumeRunAsync(run);
        Assert.Equal(RunState.Completed, (await Server.EndAsync(run)).State);
        var resumed = (await Server.Client.GetSearchAsync(run)).Result!;

        // On another server, where nothing is found trained.
        await using var other = await RunningServer.StartAsync();
        await other.RequestAsync(AppFiles.English("resumed", more: Linear));
        var undisturbed = (await other.Client.GetSearchAsync((await other.EndAsync((await other.Client.SearchAsync(request)).Id)).Id)).Result!;
        Assert.Equal(undisturbed.Trials.Select(Tried), resumed.Trials.Select(Tried));
        Assert.Equal(undisturbed.Importance, resumed.Importance);
        Assert.Equal(stopped.Trials.Select(t => t.Seconds), resumed.Trials.Take(stopped.Trials.Count).Select(t => t.Seconds));
    }

    [Fact]
    public async Task Search_TrialsThatFail_AreRecordedAndDoNotEndIt()
    {
        var result = await SearchAsync(await RequestAsync(AppFiles.English("failing", more: "search: { technique: linear, settings: { cost: [-1, 1, 0, 5], threshold: none } }")));

        Assert.Equal(4, result.Trials.Count);
        Assert.Equal(["-1", "0"], result.Trials.Where(t => t.Status == TrialStatus.Failed).Select(t => t.Settings["cost"]).Order(StringComparer.Ordinal));
        Assert.All(result.Trials.Where(t => t.Status == TrialStatus.Failed), t => Assert.Contains("Write a number above 0", t.Reason, StringComparison.Ordinal));
        Assert.NotNull(result.Best);
        Assert.Contains("2 of 4 trials failed.", result.Notes);
    }

    [Fact]
    public async Task Search_WhereAllFail_EndsEarlyWithTheCause()
    {
        var result = await SearchAsync(await RequestAsync(AppFiles.English("hopeless", more: "search: { technique: linear, settings: { cost: { from: -9, to: -1 } } }")));

        Assert.Equal(5, result.Trials.Count);
        Assert.Null(result.Best);
        Assert.Null(result.TechniqueYaml);
        Assert.Contains(result.Notes, note => note.Contains("The first 5 trials all failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_WithoutASearchInTheBrief_IsTheTechniquesOwn()
    {
        var plans = await Server.Client.PlanSearchesAsync(await RequestAsync(AppFiles.English("plans")));

        Assert.Equal(["nearest", "linear"], plans.Searches.Select(p => p.Technique));
        Assert.All(plans.Searches, plan => Assert.True(plan.IsTechniquesOwn));
        Assert.Contains(plans.Warnings, warning => warning.StartsWith("'lora' is not searched: each trial trains a model", StringComparison.Ordinal));
        Assert.Equal(["learning-rate", "rank"], (await Server.Client.PlanSearchesAsync((await RequestAsync(AppFiles.English("plans"))) with { Technique = "lora" })).Searches[0].Space.Select(range => range.Name));
        Assert.Equal(["cost"], plans.Searches[1].Space.Select(range => range.Name));
        var refused = await Assert.ThrowsAsync<LandfallApiException>(async () => await Server.Client.SearchAsync(await RequestAsync(AppFiles.English("plans"))));
        Assert.Equal((400, ErrorCodes.BadRequest), (refused.Problem.Status, refused.Code));
        Assert.Contains("nearest, linear", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("linear", 0, null, null, "A search of 0 trials")]
    [InlineData("linear", null, "tpee", null, "There is no search method 'tpee'")]
    [InlineData("linear", null, null, -1, "The seed is -1")]
    [InlineData("linnear", null, null, null, "'linnear' is not searched: this release")]
    [InlineData("prompt", null, null, null, "'prompt' is not searched: there is no language model")]
    public async Task Search_OfWhatCannotBe_IsRefused(string technique, int? trials, string? method, int? seed, string message)
    {
        var request = (await RequestAsync(AppFiles.English("refused"))) with { Technique = technique, Trials = trials, Method = method, Seed = seed };
        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => Server.Client.SearchAsync(request));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(400, refused.Problem.Status);
    }

    [Fact]
    public async Task Get_OfAnotherKindOfRun_IsNotFound()
    {
        var landing = await Server.Client.LandAsync(await Server.RequestAsync(AppFiles.English("other-kind")));
        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => Server.Client.GetSearchAsync(landing.Id));
        Assert.Equal(404, refused.Problem.Status);
        await Server.EndAsync(landing.Id);
    }

    private static string Tried(SearchTrial trial) =>
        $"{trial.Number} {trial.Rung} {string.Join(",", trial.Settings.Select(s => $"{s.Key}={s.Value}"))} {trial.Status} {trial.Score} {trial.TrainedRows}";

    private async Task<SearchRequest> RequestAsync(AppFiles app) => new() { Brief = (await Server.RequestAsync(app)).Brief };

    private async Task<SearchResult> SearchAsync(SearchRequest request)
    {
        var run = await Server.EndAsync((await Server.Client.SearchAsync(request)).Id);
        Assert.True(run.State == RunState.Completed, run.Error);
        return (await Server.Client.GetSearchAsync(run.Id)).Result!;
    }
}
