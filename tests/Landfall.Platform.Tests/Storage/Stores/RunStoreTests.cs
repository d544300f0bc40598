using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Storage.Stores;

public sealed class SqliteRunStoreTests() : RunStoreTests(TestDatabase.Sqlite);

public sealed class PostgresRunStoreTests() : RunStoreTests(TestDatabase.Postgres);

public abstract class RunStoreTests(TestDatabase kind) : StoreTests(kind)
{
    private RunStore Runs => Get<RunStore>();

    private RunJournal Journal => Get<RunJournal>();

    [Fact]
    public async Task JoinOrCreateAsync_UnfinishedRunOfTheRequest_IsJoined()
    {
        var first = await CreateAsync("request");
        Assert.Equal(first.Id, (await CreateAsync("request")).Id);
        Assert.NotEqual(first.Id, (await CreateAsync("another")).Id);

        await EndAsync(first.Id, RunState.Failed);
        Assert.Equal(first.Id, (await CreateAsync("request")).Id);

        await EndAsync(first.Id, RunState.Completed);
        Assert.NotEqual(first.Id, (await CreateAsync("request")).Id);
    }

    [Fact]
    public async Task ListAsync_OfAnApp_IsNewestFirstAndLimited()
    {
        var runs = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            runs.Insert(0, (await CreateAsync($"request {i}", app: i % 2 == 0 ? "even" : "odd")).Id);
            await Task.Delay(2, Cancellation);
        }

        Assert.Equal(runs, (await Runs.ListAsync(app: null, 10, Cancellation)).Select(r => r.Id));
        Assert.Equal([runs[0], runs[2]], (await Runs.ListAsync("even", 2, Cancellation)).Select(r => r.Id));
    }

    [Fact]
    public async Task TransitAsync_ToAnEnd_SetsStateErrorAndResult()
    {
        var run = await CreateAsync("request");
        var epoch = await Journal.ClaimAsync(run.Id, Cancellation);
        await Journal.TransitAsync(run.Id, epoch, 1, RunState.Running, "running", error: null, result: null, Cancellation);
        Assert.Equal([run.Id], await Runs.ListInterruptedAsync(Cancellation));

        await Journal.TransitAsync(run.Id, epoch, 2, RunState.Failed, "failed", "why: \"落\"", RunJson.ToElement(new { a = 0.1 }), Cancellation);

        var (summary, entity) = (await Runs.FindAsync(run.Id, Cancellation))!.Value;
        Assert.Equal((RunState.Failed, "why: \"落\"", """{"a":0.1}"""), (summary.State, summary.Error, entity.ResultJson));
        Assert.NotNull(summary.EndedAt);
        Assert.Equal(["running", "failed"], (await Journal.LoadAsync(run.Id, Cancellation)).Select(e => e.Step));
        Assert.Null(await Runs.FindAsync("none", Cancellation));
    }

    [Fact]
    public async Task AppendLogAsync_LinesAgain_AreThereOnce()
    {
        var run = await CreateAsync("request");
        var epoch = await Journal.ClaimAsync(run.Id, Cancellation);
        var lines = Enumerable.Range(1, 3).Select(i => new RunLogLine(i, DateTimeOffset.UnixEpoch.AddMilliseconds(i), "info", $"line {i}")).ToList();

        await Journal.AppendLogAsync(run.Id, epoch, lines[..2], Cancellation);
        await Journal.AppendLogAsync(run.Id, epoch, lines, Cancellation);

        Assert.Equal(lines, await Journal.LoadLogAsync(run.Id, Cancellation));
    }

    protected override IServiceCollection AddStores(IServiceCollection services) => services.AddRuns(resumeInterrupted: false);

    private Task<RunSummary> CreateAsync(string request, string? app = null) =>
        Runs.JoinOrCreateAsync("kind", "title", app, request, RunJson.ToElement(new { }), Cancellation);

    private async Task EndAsync(string run, RunState state)
    {
        var epoch = await Journal.ClaimAsync(run, Cancellation);
        await Journal.TransitAsync(run, epoch, (await Journal.LoadAsync(run, Cancellation)).Count + 1, state, "ended", error: null, result: null, Cancellation);
    }
}
