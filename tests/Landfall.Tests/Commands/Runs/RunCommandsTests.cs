using System.Text.Json;
using Landfall.Commands;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Runs;

namespace Landfall.Tests.Commands.Runs;

public sealed class RunCommandsTests : CommandTest
{
    [Fact]
    public async Task List_ForPeopleAndMachines_ShowsRuns()
    {
        var people = await RunAsync("runs", "list");
        var machine = await RunAsync("runs", "list", "--json");

        Assert.Contains("run-1", people.Out, StringComparison.Ordinal);
        Assert.Contains("completed", people.Out, StringComparison.Ordinal);
        Assert.Equal("completed", JsonDocument.Parse(machine.Out).RootElement[0].GetProperty("state").GetString());
        Assert.Empty(machine.Error);
    }

    [Fact]
    public async Task Show_OfRun_HasJournalAndLog()
    {
        var outcome = await RunAsync("runs", "show", "run-1");

        Assert.Contains("intent", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("info: read 1500 rows", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_OfUnknownRun_IsAUsageError()
    {
        Server.Problems["/api/runs/nonsense"] = new ApiProblem { Status = 404, Code = ErrorCodes.NotFound, Detail = "There is no run nonsense." };

        var outcome = await RunAsync("runs", "show", "nonsense");

        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Equal("error: There is no run nonsense.\n", outcome.Error);
    }

    [Theory]
    [InlineData(RunState.Completed, ExitCodes.Ok)]
    [InlineData(RunState.Failed, ExitCodes.RunFailed)]
    [InlineData(RunState.Cancelled, ExitCodes.RunCancelled)]
    public async Task Follow_ToTheEnd_ExitsByItsState(RunState end, int expected)
    {
        Server.Events = Samples.Events(end, "why");

        var people = await RunAsync("runs", "follow", "run-1");
        var machine = await RunAsync("runs", "follow", "run-1", "--json");

        Assert.Equal(expected, people.ExitCode);
        Assert.Equal(expected, machine.ExitCode);
        var events = machine.Out.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString());
        Assert.Equal(Server.Events.Select(e => e.Type), events);
    }

    [Fact]
    public async Task Cancel_SaysSo()
    {
        var outcome = await RunAsync("runs", "cancel", "run-1");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal("cancel run-1", Assert.Single(Server.RunActions));
    }

    [Theory]
    [InlineData(true, "is completed")]
    [InlineData(false, "runs follow run-1")]
    public async Task Resume_InProcess_StaysUntilTheRunEnds(bool inProcess, string message)
    {
        Host.IsInProcess = inProcess;

        var outcome = await RunAsync("runs", "resume", "run-1");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Contains(message, outcome.Out, StringComparison.Ordinal);
        Assert.Equal("resume run-1", Assert.Single(Server.RunActions));
    }
}
