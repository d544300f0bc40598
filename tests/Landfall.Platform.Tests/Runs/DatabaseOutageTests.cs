using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Postgres;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Tests.Runs;

/// <summary>A PostgreSQL server that is stopped and started in the middle of runs.</summary>
public sealed class DatabaseOutageTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-outage-").FullName;
    private PostgresCluster? _cluster;
    private string _address = "";

    private PostgresCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, PostgresCluster.NotInstalled);
        _cluster = await PostgresCluster.StartAsync();
        _address = await _cluster.CreateDatabaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task ExecuteAsync_DatabaseGoesAndComesBack_RunWaitsAndCompletes()
    {
        await using var server = await RunsServer.StartAsync(_folder, _address);
        var id = await server.CreateRunAsync();
        var done = new List<string>();
        Task? back = null;

        var ended = await server.ExecuteAsync(id, async (run, cancellation) =>
        {
            await StepAsync("before", run, cancellation);
            run.Log("a line that may be on its way");
            if (back is null)
            {
                await Cluster.StopAsync();
                back = ComeBackAsync();
            }

            await StepAsync("after", run, cancellation);
            return done.Count;
        });
        await back!;

        Assert.True(ended.State == RunState.Completed, ended.Error);
        Assert.Equal(["before", "after"], done);
        Assert.Equal(2, ended.Epoch);
        var log = await server.Journal.LoadLogAsync(id, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, log.Count).Select(i => (long)i), log.Select(l => l.Seq));
        Assert.Contains("cannot be reached", Assert.Single(log, l => l.Level == "warning").Message, StringComparison.Ordinal);

        Task<int> StepAsync(string step, RunContext run, CancellationToken cancellation) => run.StepAsync(
            step,
            _ =>
            {
                done.Add(step);
                return Task.FromResult(0);
            },
            cancellation);
    }

    [Fact]
    public async Task ExecuteAsync_DatabaseStaysAway_FailsAndCanBeResumed()
    {
        await using var server = await RunsServer.StartAsync(_folder, _address, patience: TimeSpan.FromSeconds(1));
        var id = await server.CreateRunAsync();
        var follower = Task.CompletedTask;
        RunEvent? last = null;

        await Assert.ThrowsAnyAsync<Exception>(() => server.ExecuteAsync(id, async (run, cancellation) =>
        {
            await run.StepAsync("before", _ => Task.FromResult(0), cancellation);
            follower = FollowAsync();
            await Cluster.StopAsync();
            return await run.StepAsync("after", _ => Task.FromResult(0), cancellation);
        }));
        await follower;
        Assert.Equal(RunState.Failed, last!.Run!.State);
        Assert.Contains("Resume the run when it is back", last.Run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresCluster.Password, last.Run.Error, StringComparison.Ordinal);

        await Cluster.ResumeAsync();
        server.Get<DatabaseConnections>().Forget();
        Assert.Equal(RunState.Interrupted, (await server.Store.FindAsync(id, CancellationToken.None))!.Value.Summary.State);
        var resumed = await server.ExecuteAsync(id, async (run, cancellation) =>
        {
            await run.StepAsync<int>("before", _ => throw new InvalidOperationException("done twice"), cancellation);
            return await run.StepAsync("after", _ => Task.FromResult(0), cancellation);
        });
        Assert.True(resumed.State == RunState.Completed, resumed.Error);

        async Task FollowAsync()
        {
            await foreach (var item in server.Feed.Find(id)!.Follow().ReadAllAsync())
            {
                last = item;
            }
        }
    }

    private async Task ComeBackAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        await Cluster.ResumeAsync();
    }
}
