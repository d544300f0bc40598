using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Tests.Hosting;

/// <summary>The main job, through the API of a real server.</summary>
public sealed class LandingTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    /// <summary>Techniques that change a model: there is none here to change.</summary>
    private static readonly string[] Tuning = ["prompt-tuning", "prefix", "lora", "qlora", "full"];

    private RunningServer Server => fixture.Server;

    [Fact]
    public async Task Land_LabelApp_ReleasesTheCheapestThatMeetsAll()
    {
        var report = await Server.LandAsync(AppFiles.English("cheapest"));

        AssertComplete(report);
        Assert.Equal(["nearest", "linear", "prompt", .. Tuning], report.Candidates.Select(c => c.Name));
        Assert.All(report.Candidates.Skip(2), c => Assert.Equal(CandidateStatus.Skipped, c.Status));
        Assert.All(report.Candidates.Skip(3), c => Assert.StartsWith("no base model comes with this installation", c.Reason, StringComparison.Ordinal));
        Assert.StartsWith("there is no language model to ask", report.Candidates[2].Reason, StringComparison.Ordinal);
        Assert.Equal(report.Candidates.First(MeetsAll).Hash, report.Release!.Hash);
        Assert.Equal(("cheapest", true), (report.Release.Model, report.Release.MeetsTargets));
        Assert.Null(report.Obstacle);
        var pair = Assert.Single(report.Comparisons);
        Assert.Equal(("nearest", "linear", "accuracy"), (pair.A, pair.B, pair.Metric));
        Assert.Equal(report.Candidates[0].Metrics["accuracy"].Value - report.Candidates[1].Metrics["accuracy"].Value, pair.Difference, 9);
        var answer = await Server.Client.TryAsync("cheapest", "forgot password, cannot log in");
        Assert.Equal("password", answer.Label);
    }

    [Fact]
    public async Task Land_ChineseApp_ReachesItsTargets()
    {
        var report = await Server.LandAsync(AppFiles.Chinese());

        AssertComplete(report);
        Assert.NotNull(report.Release);
        Assert.Equal("密码", (await Server.Client.TryAsync("zhuo", "我忘记密码了")).Label);
    }

    [Fact]
    public async Task Land_TextApp_IsAnsweredByNearest()
    {
        var report = await Server.LandAsync(AppFiles.Text());

        AssertComplete(report);
        var nearest = Assert.Single(report.Candidates, c => c.Status == CandidateStatus.Measured);
        Assert.Equal(("nearest", CandidateStatus.Measured), (nearest.Technique, nearest.Status));
        Assert.All(new[] { "bleu", "chrf" }, m => Assert.InRange(nearest.Metrics[m].Value, 50, 100));
        Assert.All(new[] { "rouge-l", "token-f1", "exact-match" }, m => Assert.InRange(nearest.Metrics[m].Value, 0.5, 1));
        Assert.Equal("nearest", report.Release?.Technique);
        Assert.DoesNotContain("accuracy", nearest.Metrics.Keys);
    }

    [Fact]
    public async Task Land_JsonApp_MeasuresValidityAgainstTheSchema()
    {
        var report = await Server.LandAsync(AppFiles.Json());

        AssertComplete(report);
        Assert.Equal(1, report.Candidates.Single(c => c.Status == CandidateStatus.Measured).Metrics["json-validity"].Value);
        Assert.InRange(report.Candidates.Single(c => c.Status == CandidateStatus.Measured).Metrics["exact-match"].Value, 0.1, 1);
        Assert.Null((await Server.Client.TryAsync("lights", "switch on the attic light")).Label);
    }

    [Fact]
    public async Task Land_TargetOutOfReach_NamesTheObstacleAndReleasesNothing()
    {
        var report = await Server.LandAsync(AppFiles.English("hard", targets: "[{ metric: accuracy, at-least: 0.30 }, { metric: latency-p95-ms, at-most: 0.000001 }]"));

        Assert.Null(report.Release);
        Assert.Equal("latency-p95-ms", report.Obstacle!.Metric);
        Assert.NotEmpty(report.Obstacle.Action);
        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => Server.Client.TryAsync("hard", "x"));
        Assert.Equal((409, ErrorCodes.Conflict), (refused.Problem.Status, refused.Code));
        Assert.Equal(report.Candidates.SelectMany(c => c.Targets).Count(t => t.Verdict == Verdict.Met), report.Candidates.Count(c => c.Status == CandidateStatus.Measured));
    }

    [Fact]
    public async Task Land_Twice_GivesTheSameReportAndDoesNothingAgain()
    {
        await using var server = await RunningServer.StartAsync();
        var request = await server.RequestAsync(AppFiles.English());
        var first = await server.LandAsync(request);
        var before = Tables(server);

        var second = await server.LandAsync(request);

        Assert.Equal(before, Tables(server));
        Assert.Equal(Text(first.Report), Text(second.Report));
        Assert.Equal(2, server.Count("SELECT COUNT(*) FROM runs"));
    }

    [Fact]
    public async Task Land_AfterEditingATestRow_AnswersThatRowOnly()
    {
        await using var server = await RunningServer.StartAsync();
        var app = AppFiles.English();
        await server.LandAsync(app);
        var before = Tables(server);

        var report = await server.LandAsync(app.With("data/test.jsonl", text => AppFiles.Row("a text that is quite new about the bill", "label", "billing") + text[text.IndexOf('\n', StringComparison.Ordinal)..]));

        var after = Tables(server);
        Assert.Equal(before.Candidates, after.Candidates);
        Assert.Equal(before.Answers + 2, after.Answers);
        Assert.Equal(0, report.Data.EarlierLooks);
    }

    [Fact]
    public async Task Land_WithOtherCandidates_CountsAFurtherLook()
    {
        await using var server = await RunningServer.StartAsync();
        var request = await server.RequestAsync(AppFiles.English());

        Assert.Equal(0, (await server.LandAsync(request)).Report.Data.EarlierLooks);
        var one = (await server.LandAsync(request with { Techniques = ["linear"] })).Report;
        Assert.Equal(1, one.Data.EarlierLooks);
        Assert.Equal(["linear"], one.Candidates.Select(c => c.Name));
        Assert.Equal(0, (await server.LandAsync(request)).Report.Data.EarlierLooks);
        Assert.Equal(1, (await server.LandAsync(request with { Techniques = ["linear"], BudgetSeconds = 300 })).Report.Data.EarlierLooks);
    }

    [Fact]
    public async Task Land_WithABudgetTooSmall_SkipsWithTheReasonInTheJournal()
    {
        var request = await Server.RequestAsync(AppFiles.English("small-budget", seed: 33)) with { BudgetSeconds = 0.05 };
        var run = await Server.RunAsync(request);
        var detail = await Server.Client.GetRunAsync(run.Id);
        var report = detail.Result!.Value.Deserialize(LandfallJsonContext.Default.LandingResult)!.Report;

        Assert.All(report.Candidates, c => Assert.Equal(CandidateStatus.Skipped, c.Status));
        Assert.All(report.Candidates.Where(c => c.Technique is "nearest" or "linear"), c => Assert.Contains("budget", c.Reason, StringComparison.Ordinal));
        Assert.Equal(report.Candidates.Select(c => $"start/{c.Name}"), detail.Journal.Where(e => e.Kind == "decision" && e.Step.StartsWith("start/", StringComparison.Ordinal)).Select(e => e.Step));
        Assert.Null(report.Release);
        Assert.Equal(Verdict.Undecided, report.Obstacle!.Verdict);
        AssertComplete(report);
    }

    [Fact]
    public async Task Land_WhatIsTrainedAlready_FitsAnyBudget()
    {
        var request = await Server.RequestAsync(AppFiles.English("reused", seed: 21));
        var first = await Server.LandAsync(request);

        var again = await Server.LandAsync(request with { BudgetSeconds = 0.05 });

        Assert.Equal(Text(first.Report), Text(again.Report));
    }

    [Fact]
    public async Task Land_TechniqueOfALaterRelease_IsListedAsSkipped()
    {
        var report = await Server.LandAsync(AppFiles.English("later", more: "techniques: [nearest, lora]"));

        var lora = report.Candidates.Single(c => c.Technique == "lora");
        Assert.Equal(CandidateStatus.Skipped, lora.Status);
        Assert.NotEmpty(lora.Reason!);
        Assert.Equal("nearest", report.Release?.Technique);
    }

    [Fact]
    public async Task Land_WorseTrainingData_KeepsTheLiveRelease()
    {
        var app = AppFiles.English("gate", train: 400, test: 300, seed: 5, targets: "[{ metric: accuracy, at-least: 0.20 }]");
        var first = await Server.LandAsync(await Server.RequestAsync(app));
        var worse = app.With("data/train.jsonl", text => string.Join('\n', text.Split('\n').Take(25)) + "\n");
        var request = await Server.RequestAsync(worse);

        var held = await Server.LandAsync(request);

        Assert.NotNull(held.ReleaseHeldBack);
        Assert.Contains("--allow-regression", held.ReleaseHeldBack, StringComparison.Ordinal);
        Assert.Null(held.Report.Release);
        Assert.Equal(first.Report.Release!.Hash, (await Server.Client.GetAppAsync("gate")).App.Release!.Hash);

        var allowed = await Server.LandAsync(request with { AllowRegression = true });

        Assert.Null(allowed.ReleaseHeldBack);
        Assert.NotEqual(first.Report.Release.Hash, allowed.Report.Release!.Hash);
        Assert.Equal(allowed.Report.Release.Hash, (await Server.Client.GetAppAsync("gate")).App.Release!.Hash);
    }

    [Fact]
    public async Task Land_ThatFails_LeavesTheAppAsItWas()
    {
        var app = AppFiles.English("kept", seed: 31);
        await Server.LandAsync(app);
        var before = await Server.Client.GetAppAsync("kept");

        // Every training row is a copy of a test row: the check warns, the landing finds nothing to train on.
        var run = await Server.RunAsync(await Server.RequestAsync(app.With("data/train.jsonl", app.Files["data/test.jsonl"].Concat("\n"u8.ToArray()).ToArray()).WithBrief(b => b + "\n# edited\n")));

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("data/train.jsonl", run.Error, StringComparison.Ordinal);
        var after = await Server.Client.GetAppAsync("kept");
        Assert.Equal(before.Brief, after.Brief);
        Assert.Equal(before.App.Release, after.App.Release);
        Assert.Equal(160, (await Server.Client.GetExamplesAsync("kept", "linear")).Total);
    }

    [Fact]
    public async Task Land_NameOfAnotherFolder_IsRefusedUntilTakenOver()
    {
        var request = await Server.RequestAsync(AppFiles.English("taken"), "folder-a");
        await Server.LandAsync(request);
        var other = request with { Origin = "folder-b" };

        var refused = await Server.RefusedAsync(other, 409, ErrorCodes.AppExists);
        Assert.Contains("taken", refused.Message, StringComparison.Ordinal);
        await Server.LandAsync(other with { ReplaceOrigin = true });
        await Server.LandAsync(other);
        await Server.RefusedAsync(request, 409, ErrorCodes.AppExists);
    }

    [Fact]
    public async Task Land_CopiesOfTestRows_AreDroppedFromTrain()
    {
        var app = AppFiles.English("copies");
        var copies = Encoding.UTF8.GetString(app.Files["data/test.jsonl"]).Split('\n').Take(7).Select(l => l.Replace("\"text\":\"", "\"text\":\"  ", StringComparison.Ordinal));
        var report = await Server.LandAsync(app.With("data/train.jsonl", text => string.Join('\n', copies) + "\n" + text));

        Assert.Equal(7, report.Data.DroppedTestCopies);
        Assert.Equal(240, report.Data.TrainRows + report.Data.ValidationRows + report.Data.DroppedDuplicates);
        Assert.Equal(160, report.Data.TestRows);
        Assert.Contains(report.Warnings, w => w.Contains('7', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Land_LabelUnseenInTrain_IsCounted()
    {
        var report = await Server.LandAsync(AppFiles.English("unseen").With(
            "data/test.jsonl", text => text + AppFiles.Row("a parrot on the line", "label", "pets") + "\n" + AppFiles.Row("two parrots", "label", "pets") + "\n"));

        Assert.Equal(2, report.Data.UnseenLabelRows);
        Assert.NotEmpty(report.Warnings);
    }

    [Fact]
    public async Task Land_CancelledThenAskedForAgain_GoesOn()
    {
        var request = await Server.RequestAsync(AppFiles.English("stopped", train: 900, test: 300, seed: 8));
        var started = await Server.Client.LandAsync(request);
        try
        {
            await Server.Client.CancelRunAsync(started.Id);
        }
        catch (LandfallApiException ended) when (ended.Code == ErrorCodes.Conflict)
        {
            Assert.Skip("The landing ended before it could be cancelled.");
        }

        var stopped = await Server.EndAsync(started.Id);
        Assert.Contains(stopped.State, new[] { RunState.Cancelled, RunState.Completed });
        var joined = await Server.Client.LandAsync(request);
        Assert.Equal(stopped.State == RunState.Cancelled, joined.Id == started.Id);
        Assert.Equal(RunState.Completed, (await Server.EndAsync(joined.Id)).State);
    }

    [Fact]
    public async Task Plan_ForAnApp_ForecastsWithoutRunning()
    {
        var request = await Server.RequestAsync(AppFiles.English("planned"));
        var plan = await Server.Client.PlanLandingAsync(request);

        Assert.Equal([("nearest", true), ("linear", true), ("prompt", false), .. Tuning.Select(name => (name, false))], plan.Steps.Select(s => (s.Name, s.Runs)));
        Assert.All(plan.Steps.Where(s => s.Runs), s => Assert.True(s.Seconds > 0 && s.MemoryBytes > 0));
        Assert.Equal(600, plan.BudgetSeconds);
        var tight = await Server.Client.PlanLandingAsync(request with { BudgetSeconds = 0.01 });
        Assert.All(tight.Steps, s => Assert.False(s.Runs));
        Assert.All(tight.Steps, s => Assert.NotEmpty(s.Reason!));
        await Assert.ThrowsAsync<LandfallApiException>(() => Server.Client.GetAppAsync("planned"));
    }

    [Fact]
    public async Task Land_InTwoFreshDataFolders_GivesTheSameReportTimesAside()
    {
        var reports = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var server = await RunningServer.StartAsync();
            await server.LandAsync(AppFiles.English(more: "scope: { out: { label: cancel, reply: No. } }"));
            reports.Add(WithoutTimes(await server.Client.GetReportAsync("desk", "json")));
        }

        Assert.Equal(reports[0], reports[1]);
    }

    [Fact]
    public async Task GetReport_InEachForm_IsWritten()
    {
        await Server.LandAsync(AppFiles.English("forms"));

        Assert.Contains("</html>", await Server.Client.GetReportAsync("forms", "html"), StringComparison.Ordinal);
        Assert.Contains("<testsuite", await Server.Client.GetReportAsync("forms", "junit"), StringComparison.Ordinal);
        var page = await Server.Client.GetExamplesAsync("forms", "linear", "wrong");
        Assert.All(page.Examples, e => Assert.NotEqual(e.Expected, e.Got));
        Assert.Equal(160, (await Server.Client.GetExamplesAsync("forms", "linear")).Total);
    }

    private static (long Candidates, long Answers, long Scores, long Looks) Tables(RunningServer server) => (
        server.Count("SELECT COUNT(*) FROM candidates"), server.Count("SELECT COUNT(*) FROM answers"),
        server.Count("SELECT COUNT(*) FROM scores"), server.Count("SELECT COUNT(*) FROM looks"));

    private static string Text(Report report) => JsonSerializer.Serialize(report, LandfallJsonContext.Default.Report);

    private static bool MeetsAll(CandidateReport candidate) => candidate.Targets.Count > 0 && candidate.Targets.All(t => t.Verdict == Verdict.Met);

    private static string WithoutTimes(string report)
    {
        var json = JsonNode.Parse(report)!;
        foreach (var candidate in json["candidates"]!.AsArray())
        {
            candidate!["seconds"] = 0;
            candidate["peakMemoryBytes"] = 0;
            foreach (var latency in candidate["metrics"]!.AsObject().Select(m => m.Key).Where(k => k.StartsWith("latency", StringComparison.Ordinal)).ToList())
            {
                candidate["metrics"]!.AsObject().Remove(latency);
            }
        }

        return json.ToJsonString();
    }

    private static void AssertComplete(Report report)
    {
        Assert.NotEmpty(report.Scenario);
        Assert.Equal(64, report.Data.TestVersion.Length);
        Assert.True(report.Data is { TrainRows: > 0, ValidationRows: > 0, TestRows: > 0 });
        foreach (var candidate in report.Candidates)
        {
            Assert.NotNull(candidate.Settings);
            Assert.NotNull(candidate.Notes);
            Assert.NotNull(candidate.Errors);
            if (candidate.Status == CandidateStatus.Measured)
            {
                Assert.True(candidate is { Seconds: > 0, PeakMemoryBytes: > 0, TrainedParameters: >= 0, ArtifactBytes: > 0, Hash.Length: 32 });
                Assert.NotEmpty(candidate.Metrics);
                Assert.NotEmpty(candidate.Targets);
                Assert.All(candidate.Metrics.Values, m => Assert.True(m.Low <= m.Value && m.Value <= m.High && m.N > 0, m.ToString()));
            }
        }

        var nulls = JsonNode.Parse(Text(report))!.AsObject().Where(p => p.Value is null).Select(p => p.Key);
        Assert.Empty(nulls.Except(["release", "obstacle"]));
    }
}
