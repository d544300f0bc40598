using System.Text.Json;
using Landfall.Commands;
using Landfall.Commands.Briefs;
using Landfall.Protocol.Briefs;

namespace Landfall.Tests.Commands.Briefs;

public sealed class BriefCommandsTests : CommandTest
{
    [Fact]
    public async Task Check_WithProblems_PrintsThemAsTheResult()
    {
        Server.Check = _ => new BriefCheckResponse([new BriefProblem(Severity.Error, "no-target", 3, "targets", "There is no target.")], [], "x");
        var app = MakeApp();

        var people = await RunAsync("brief", "check", app);
        var machine = await RunAsync("brief", "check", app, "--json");

        Assert.Equal(ExitCodes.BriefInvalid, people.ExitCode);
        Assert.Contains("brief.yaml:3: error no-target: targets: There is no target.", people.Out, StringComparison.Ordinal);
        Assert.Contains("1 error", people.Out, StringComparison.Ordinal);
        Assert.Equal("no-target", JsonDocument.Parse(machine.Out).RootElement.GetProperty("problems")[0].GetProperty("code").GetString());
        Assert.Contains("no-target", machine.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfPathsOfABrief_ReportsWhatIsMissing()
    {
        var app = MakeApp();
        File.Delete(Path.Combine(app, "data", "test.jsonl"));

        await RunAsync("brief", "check", Path.Combine(app, "brief.yaml"));

        Assert.Equal(FileState.Missing, Server.Checks.Last().Files["data/test.jsonl"].State);
        Assert.Equal(FileState.Present, Server.Checks.Last().Files["data/train.jsonl"].State);
    }

    [Fact]
    public async Task New_WithAnswers_WritesABrief()
    {
        var app = Path.Combine(Folder, "My Desk");
        var answers = string.Join('\n', "", "Say \"hi\": sort 中文", "wrong", "label", "", "data/train.jsonl", "data/dev.jsonl", "accuracy = 1", "", "latency-p95-ms <= 50", "") + "\n";

        var outcome = await RunAsync(answers, CancellationToken.None, "brief", "new", app);

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal(
            """
            app: my-desk
            scenario: "Say \"hi\": sort 中文"
            interaction: single-turn
            output:
              kind: label
            data:
              train: "data/train.jsonl"
              test: "data/dev.jsonl"
            targets:
              - { metric: accuracy, at-least: 0.90, confidence: 0.95 }
              - { metric: latency-p95-ms, at-most: 50, confidence: 0.95 }
            techniques: auto

            """.ReplaceLineEndings("\n"),
            await File.ReadAllTextAsync(Path.Combine(app, "brief.yaml")));
    }

    [Fact]
    public async Task New_OfAnotherKind_FillsInItsTemplate()
    {
        var outcome = await RunAsync("desk\nOne sentence\njson\n", CancellationToken.None, "brief", "new", Path.Combine(Folder, "x"));

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal("# A comment\napp: desk\nscenario: \"One sentence\"\noutput:\n  kind: json\n", await File.ReadAllTextAsync(Path.Combine(Folder, "x", "brief.yaml")));
    }

    [Fact]
    public async Task New_WhenAnswersEnd_WritesNothing()
    {
        var outcome = await RunAsync("desk\n", CancellationToken.None, "brief", "new", Path.Combine(Folder, "x"));

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.False(Directory.Exists(Path.Combine(Folder, "x")));
    }

    [Fact]
    public async Task New_OverABrief_Refuses()
    {
        var app = MakeApp("app: mine\n");

        var outcome = await RunAsync("x\n", CancellationToken.None, "brief", "new", app);

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Equal("app: mine\n", await File.ReadAllTextAsync(Path.Combine(app, "brief.yaml")));
    }

    [Fact]
    public async Task New_WithoutTerminal_PointsToTheTemplates()
    {
        var outcome = await RunAsync("brief", "new", Path.Combine(Folder, "x"));

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains("brief templates label", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_ByName_PrintsItsText()
    {
        Assert.Equal("app: x\n", (await RunAsync("brief", "templates", "label")).Out);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("brief", "templates", "nonsense")).ExitCode);
        Assert.Contains("Messages get one of", (await RunAsync("brief", "templates")).Out, StringComparison.Ordinal);
        Assert.Equal("brief", JsonDocument.Parse((await RunAsync("brief", "schema")).Out).RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public void Quote_OfAnyText_IsReadBackByAJsonReader() =>
        CsCheck.Check.Sample(CsCheck.Gen.String, text =>
            Assert.Equal(text, JsonSerializer.Deserialize<string>(BriefQuestions.Quote(text))));
}
