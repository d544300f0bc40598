using System.Text.Json;
using Landfall.Commands;

namespace Landfall.Tests.Commands;

public sealed class CommandLineTests : CommandTest
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("land")]
    [InlineData("runs")]
    [InlineData("land", "x", "--budget", "soon")]
    [InlineData("land", "x", "--nonsense", "--json")]
    [InlineData("dataset", "show", "v", "--limit", "0")]
    public async Task Run_OfMisusedCommandLine_ExitsWithUsageAndKeepsStandardOutputEmpty(params string[] args)
    {
        var outcome = await RunAsync(args);

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Empty(outcome.Out);
        Assert.NotEmpty(outcome.Error);
    }

    [Fact]
    public async Task Help_OfEveryCommand_IsOk()
    {
        var root = LandfallCommandLine.Build(Host);
        foreach (var command in root.Subcommands.Where(c => !c.Hidden).SelectMany(c => c.Subcommands.Count == 0 ? [[c.Name]] : c.Subcommands.Select(s => new[] { c.Name, s.Name })))
        {
            var outcome = await RunAsync([.. command, "--help"]);
            Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
            Assert.Contains("--json", outcome.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Serve_WithOptions_HandsThemOn()
    {
        await RunAsync("serve", "--urls", "http://127.0.0.1:9", "--take-over");

        var served = Assert.Single(Host.Served);
        var place = new ServerPlace(Path.Combine(Folder, "state"), "sqlite", TimeSpan.FromMinutes(2)) { Models = served.Place.Models };
        Assert.Equal(new ServeOptions(place, "http://127.0.0.1:9", TakeOver: true), served);
    }

    [Fact]
    public async Task Try_WithSeveralWords_SendsThemAsOneText()
    {
        var outcome = await RunAsync("try", "helpdesk", "@you", "there?");

        Assert.Equal("echo @you there?\n", outcome.Out);
        Assert.Contains("confidence 0.900", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apps_ForPeopleAndMachines_ShowsStanding()
    {
        Assert.Contains("3 met", (await RunAsync("apps", "list")).Out, StringComparison.Ordinal);
        Assert.Contains("Release: linear", (await RunAsync("apps", "show", "helpdesk")).Out, StringComparison.Ordinal);
        Assert.Equal("helpdesk", JsonDocument.Parse((await RunAsync("apps", "show", "helpdesk", "--json")).Out).RootElement.GetProperty("app").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Preview_OfRowsWithControlCharacters_DoesNotPassThemToTheTerminal()
    {
        var file = Path.Combine(Folder, "x.csv");
        await File.WriteAllTextAsync(file, "text,label\n");

        var outcome = await RunAsync("dataset", "preview", file);

        Assert.Empty(outcome.Error);
        Assert.Contains("网络很慢", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("separated by comma", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', outcome.Out);
    }

    [Fact]
    public async Task Run_WhenServerIsGone_ExitsWithServerTrouble()
    {
        await Server.DisposeAsync();
        Host.ConnectFault = new HttpRequestException("Connection refused.");

        var outcome = await RunAsync("runs", "list");

        Assert.Equal(ExitCodes.ServerTrouble, outcome.ExitCode);
        Assert.Contains("cannot be reached", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnUnexpectedFault_ShowsWhereOnlyWithVerbose()
    {
        Host.ConnectFault = new InvalidOperationException("Odd.");

        var brief = await RunAsync("runs", "list");
        var verbose = await RunAsync("runs", "list", "--verbose");

        Assert.Equal(ExitCodes.Unexpected, brief.ExitCode);
        Assert.DoesNotContain("   at ", brief.Error, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", verbose.Error, StringComparison.Ordinal);
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
    }
}
