using System.Text.Json;
using Landfall.Commands;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Runs;

namespace Landfall.Tests.Commands.Land;

public sealed class LandCommandTests : CommandTest
{
    [Fact]
    public async Task Land_WithValidBrief_UploadsShowsLadderWritesReportsAndServes()
    {
        var app = MakeApp();
        Host.IsInProcess = true;

        var outcome = await RunAsync("land", app);

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        var request = Assert.Single(Server.Landings);
        Assert.All(request.Brief.Files, f => Assert.True(Server.Blobs.ContainsKey(f.Value.Sha256!)));
        Assert.Equal(["data/train.jsonl", "data/test.jsonl"], request.Brief.Files.Keys);
        Assert.Contains("nearest: accuracy >= 0.9: 0.890 [0.877, 0.902] undecided (+250 rows)", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("warning: 3 rows are copies", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("Release: linear meets every target", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("31 of 54 errors confuse billing with refund", outcome.Out, StringComparison.Ordinal);
        Assert.Contains($"curl {Server.Url}v1/chat/completions", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("<html/>", await File.ReadAllTextAsync(Path.Combine(app, "report.html")));
        Assert.Equal(Samples.ReportJson, await File.ReadAllTextAsync(Path.Combine(app, "report.json")));
        Assert.Equal("<junit/>", await File.ReadAllTextAsync(Path.Combine(app, "report.junit.xml")));
        Assert.Empty(Directory.GetFiles(app, "*.tmp"));
        Assert.True(Host.WaitedForShutdown);
        Assert.Equal(1, Host.Closed);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task Land_WhenRedirected_FitsEightyColumnsWithoutEscapes()
    {
        var outcome = await RunAsync("land", MakeApp(), "--no-serve");

        var table = outcome.Out.Split('\n').Where(line => line.StartsWith('|')).ToList();
        Assert.NotEmpty(table);
        Assert.All(table, line => Assert.InRange(line.Length, 1, CommandConsole.RedirectedWidth));
        Assert.DoesNotContain('\u001b', outcome.Out);
        Assert.Contains("skipped: The time", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Land_OnTerminal_ShowsLiveLadderAndFinalVerdictsInWords()
    {
        var outcome = await RunAsync("", CancellationToken.None, "land", MakeApp(), "--no-serve");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Contains('\u001b', outcome.Out);
        Assert.Contains("undecided", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("Release: linear", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Land_WithJson_WritesTheReportAloneOnStandardOutput()
    {
        var outcome = await RunAsync("land", MakeApp(), "--json", "--no-serve");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(Samples.ReportJson + "\n", outcome.Out);
        Assert.Contains("Release: linear", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Land_WithOptions_SendsThem()
    {
        await RunAsync("land", MakeApp(), "--no-serve", "--technique", "linear", "--technique", "nearest", "--budget", "1h30m", "--allow-regression", "--take-over");

        var request = Assert.Single(Server.Landings);
        Assert.Equal(["linear", "nearest"], request.Techniques);
        Assert.Equal(5400, request.BudgetSeconds);
        Assert.True(request.AllowRegression);
        Assert.True(request.ReplaceOrigin);
    }

    [Fact]
    public async Task Land_SameFolderByLink_HasSameOrigin()
    {
        var app = MakeApp();
        var link = Path.Combine(Folder, "link");
        Directory.CreateSymbolicLink(link, app);

        await RunAsync("land", app, "--no-serve");
        await RunAsync("land", link, "--no-serve");

        Assert.Single(Server.Landings.Select(l => l.Origin).Distinct());
        Assert.Equal(2, Server.Uploads);
    }

    [Theory]
    [InlineData(true, null, false, ExitCodes.Ok)]
    [InlineData(true, null, true, ExitCodes.Ok)]
    [InlineData(false, null, false, ExitCodes.Ok)]
    [InlineData(false, null, true, ExitCodes.TargetsNotMet)]
    [InlineData(true, "worse.", false, ExitCodes.Ok)]
    [InlineData(true, "worse.", true, ExitCodes.ReleaseHeldBack)]
    public async Task Land_ByOutcome_ExitsWithItsCode(bool meets, string? heldBack, bool requireMet, int expected)
    {
        Server.Result = Samples.Result(meets, heldBack);

        var outcome = await RunAsync(["land", MakeApp(), "--no-serve", .. requireMet ? new[] { "--require-met" } : []]);

        Assert.Equal(expected, outcome.ExitCode);
        Assert.Equal(!meets, outcome.Out.Contains("In the way: accuracy >= 0.9. The nearest is linear with 0.880 (missed). Add rows", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RunState.Failed, ExitCodes.RunFailed, "run run-1 failed: the disk broke")]
    [InlineData(RunState.Cancelled, ExitCodes.RunCancelled, "Run run-1 was cancelled")]
    public async Task Land_WhenRunEndsWithoutResult_SaysSo(RunState end, int expected, string message)
    {
        var app = MakeApp();
        Server.Events = Samples.Events(end, "the disk broke");

        var outcome = await RunAsync("land", app, "--no-serve");

        Assert.Equal(expected, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(app, "report.json")));
    }

    [Fact]
    public async Task Land_WhenStreamBreaks_ReconnectsAndShowsEachRowOnce()
    {
        Server.BrokenStreams = 2;

        var outcome = await RunAsync("land", MakeApp(), "--no-serve");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Single(outcome.Out.Split('\n'), line => line.StartsWith("nearest: accuracy", StringComparison.Ordinal));
        Assert.Single(outcome.Out.Split('\n'), line => line.StartsWith("warning: 3 rows", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "is kept as far as it got")]
    [InlineData(false, "landfall runs follow run-1")]
    public async Task Land_WhenInterrupted_SaysWhatBecomesOfTheRun(bool inProcess, string message)
    {
        Host.IsInProcess = inProcess;
        Server.HoldsStreamOpen = true;
        Server.Events = Samples.Events(RunState.Completed).Take(3).ToList();
        using var stop = new CancellationTokenSource();
        var command = RunAsync(null, stop.Token, "land", MakeApp(), "--no-serve");
        await Waiting.UntilAsync(() => Server.StreamsTold > 0);
        await stop.CancelAsync();

        var outcome = await command;

        Assert.Equal(ExitCodes.Interrupted, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(1, Host.Closed);
    }

    [Fact]
    public async Task Land_WithPlan_PredictsAndRunsNothing()
    {
        var app = MakeApp();

        var people = await RunAsync("land", app, "--plan");
        var machine = await RunAsync("land", app, "--plan", "--json");

        Assert.Contains("nearest", people.Out, StringComparison.Ordinal);
        Assert.Contains("120 MB", people.Out, StringComparison.Ordinal);
        Assert.Equal("helpdesk", JsonDocument.Parse(machine.Out).RootElement.GetProperty("app").GetString());
        Assert.False(File.Exists(Path.Combine(app, "report.json")));
    }

    [Fact]
    public async Task Land_WithBriefErrors_PrintsAllAndRunsNothing()
    {
        var app = MakeApp();
        Server.Check = _ => new BriefCheckResponse(
            [
                new BriefProblem(Severity.Error, "unknown-metric", 12, "targets[0].metric", "There is no metric \"acuracy\"."),
                new BriefProblem(Severity.Warning, "test-too-small", 0, "", "59 rows are needed."),
            ],
            [],
            "helpdesk");

        var outcome = await RunAsync("land", app, "--json");

        Assert.Equal(ExitCodes.BriefInvalid, outcome.ExitCode);
        var brief = Path.Combine(app, "brief.yaml");
        Assert.Contains($"{brief}:12: error unknown-metric: targets[0].metric: There is no metric \"acuracy\".", outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"{brief}: warning test-too-small: 59 rows are needed.", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
        Assert.Empty(Server.Landings);
    }

    [Theory]
    [InlineData("nowhere", "no such folder or file")]
    [InlineData(".", "no brief.yaml in this folder")]
    [InlineData("notes.txt", "a brief ends in .yaml")]
    public async Task Land_WithoutBrief_SaysWhatIsMissing(string path, string message)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "notes.txt"), "");

        var outcome = await RunAsync("land", Path.GetFullPath(Path.Combine(Folder, path)));

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task Land_WithBriefThatIsNotUtf8_NamesTheLine()
    {
        var app = MakeApp();
        await File.WriteAllBytesAsync(Path.Combine(app, "brief.yaml"), [.. "app: x\nscenario: caf"u8, 0xe9, .. "\n"u8]);

        var outcome = await RunAsync("land", app);

        Assert.Equal(ExitCodes.BriefInvalid, outcome.ExitCode);
        Assert.Contains("brief.yaml:2: the text is not UTF-8", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Land_WithUnwritableReportFolder_SaysSoBeforeTheRun()
    {
        var app = MakeApp();
        var file = Path.Combine(Folder, "file");
        await File.WriteAllTextAsync(file, "");

        var outcome = await RunAsync("land", app, "--out", Path.Combine(file, "reports"), "--no-serve");

        Assert.Equal(ExitCodes.ReportNotWritten, outcome.ExitCode);
        Assert.Contains("--out", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Server.Landings);
    }

    [Fact]
    public async Task Land_WhenReportsCannotBeWrittenAfterwards_StillAnswersTheMachine()
    {
        var app = MakeApp();
        var reports = Path.Combine(Folder, "reports");
        Server.OnReport = () => Directory.CreateDirectory(Path.Combine(reports, "report.html"));

        var outcome = await RunAsync("land", app, "--json", "--out", reports, "--no-serve");

        Assert.Equal(ExitCodes.ReportNotWritten, outcome.ExitCode);
        Assert.Equal(Samples.ReportJson + "\n", outcome.Out);
        Assert.Contains("report.html could not be written", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(reports, "*.tmp"));
    }

    [Theory]
    [InlineData(ErrorCodes.AppExists, ExitCodes.Usage, "--take-over")]
    [InlineData(ErrorCodes.DiskFull, ExitCodes.ServerTrouble, "Free some space")]
    [InlineData(ErrorCodes.Unauthorized, ExitCodes.ServerTrouble, "refused")]
    [InlineData(ErrorCodes.DataInvalid, ExitCodes.DataInvalid, "refused")]
    [InlineData(ErrorCodes.Regression, ExitCodes.ReleaseHeldBack, "--allow-regression")]
    [InlineData(ErrorCodes.Internal, ExitCodes.Unexpected, "refused")]
    public async Task Land_WhenServerRefuses_MapsTheCode(string code, int expected, string message)
    {
        Server.Problems["/api/landings"] = new ApiProblem { Status = 409, Code = code, Detail = "It is refused." };

        var outcome = await RunAsync("land", MakeApp(), "--json");

        Assert.Equal(expected, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Out);
    }

    [Fact]
    public async Task Land_WhenDataFolderIsInUse_EndsWithTheHostsMessage()
    {
        Host.ConnectFault = new CommandException(ExitCodes.ServerTrouble, "The data folder is in use by process 12.");

        var outcome = await RunAsync("land", MakeApp());

        Assert.Equal(ExitCodes.ServerTrouble, outcome.ExitCode);
        Assert.Equal("error: The data folder is in use by process 12.\n", outcome.Error);
    }

    [Fact]
    public async Task Land_WithoutRelease_EndsInsteadOfServing()
    {
        Host.IsInProcess = true;
        Server.Result = Samples.Result(meets: false);
        Server.App = Samples.App(hasRelease: false);

        var outcome = await RunAsync("land", MakeApp());

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.False(Host.WaitedForShutdown);
        Assert.Contains("Nothing is served", outcome.Out, StringComparison.Ordinal);
    }
}
