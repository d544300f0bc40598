using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Runs;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Tests.Runs;

public sealed class RunJournalTests : IDisposable
{
    private static readonly System.Text.Json.JsonElement Payload = RunJson.ToElement(new { });
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-runs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AppendAsync_OlderOwnerOfTheRun_ThrowsAndWritesNothing()
    {
        await using var server = await RunsServer.StartAsync(_folder);
        var run = await server.CreateRunAsync();
        var older = await server.Journal.ClaimAsync(run, CancellationToken.None);
        await AppendAsync(server, run, older, seq: 1);
        var newer = await server.Journal.ClaimAsync(run, CancellationToken.None);

        await AssertFencedAsync(server, run, older);

        Assert.False(server.Fence.Lost.IsCompleted);
        await AppendAsync(server, run, newer, seq: 2);
        Assert.Equal([(1, older), (2, newer)], (await server.Journal.LoadAsync(run, CancellationToken.None)).Select(e => (e.Seq, e.Epoch)));
    }

    [Fact]
    public async Task AppendAsync_OlderServer_ThrowsWritesNothingAndKnowsThatItIsReplaced()
    {
        await using var older = await RunsServer.StartAsync(_folder);
        var run = await older.CreateRunAsync();
        var epoch = await older.Journal.ClaimAsync(run, CancellationToken.None);
        await AppendAsync(older, run, epoch, seq: 1);
        await using var newer = await RunsServer.StartAsync(_folder);

        await AssertFencedAsync(older, run, epoch);
        await Assert.ThrowsAsync<FencedException>(() => older.Journal.ClaimAsync(run, CancellationToken.None));
        await Assert.ThrowsAsync<FencedException>(() => older.CreateRunAsync("another request"));

        Assert.True(older.Fence.Lost.IsCompleted);
        Assert.Equal(1, (await newer.Store.FindAsync(run, CancellationToken.None))!.Value.Summary.Epoch);
        Assert.Single(await newer.Store.ListAsync(app: null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_SequenceNumberTaken_Throws()
    {
        await using var server = await RunsServer.StartAsync(_folder);
        var run = await server.CreateRunAsync();
        var epoch = await server.Journal.ClaimAsync(run, CancellationToken.None);
        await AppendAsync(server, run, epoch, seq: 1);

        await Assert.ThrowsAsync<SqliteException>(() => AppendAsync(server, run, epoch, seq: 1));

        Assert.Single(await server.Journal.LoadAsync(run, CancellationToken.None));
    }

    [Fact]
    public async Task ClaimAsync_UnknownRun_SaysSo()
    {
        await using var server = await RunsServer.StartAsync(_folder);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => server.Journal.ClaimAsync("none", CancellationToken.None));
    }

    [Fact]
    public async Task JoinOrCreateAsync_SameRequestAtOnce_MakesOneRun()
    {
        await using var server = await RunsServer.StartAsync(_folder);

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => server.CreateRunAsync())));

        Assert.Single(runs.Distinct());
        Assert.Single(await server.Store.ListAsync(app: null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task ClaimAsync_ServerWasKilledWhileItMigrated_DoesNotWaitForItsLock()
    {
        await using (var killed = await RunsServer.StartAsync(_folder))
        {
            await using var database = await killed.Get<IDbContextFactory<LandfallDatabase>>().CreateDbContextAsync();
            await database.Database.ExecuteSqlRawAsync(
                "CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); INSERT INTO \"__EFMigrationsLock\" VALUES (1, 'then')");
        }

        await using var next = await RunsServer.StartAsync(_folder).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, next.Fence.Epoch);
    }

    private static Task<JournalEntry> AppendAsync(RunsServer server, string run, long epoch, long seq) =>
        server.Journal.AppendAsync(run, epoch, seq, "intent", $"step/{seq}", Payload, CancellationToken.None);

    /// <summary>No kind of write of the run gets through, and none leaves a trace.</summary>
    private static async Task AssertFencedAsync(RunsServer server, string run, long epoch)
    {
        var before = (await server.Store.FindAsync(run, CancellationToken.None))!.Value.Entity;
        await Assert.ThrowsAsync<FencedException>(() => AppendAsync(server, run, epoch, seq: 2));
        await Assert.ThrowsAsync<FencedException>(() => server.Journal.TransitAsync(run, epoch, 2, RunState.Completed, "done", error: null, result: null, CancellationToken.None));
        await Assert.ThrowsAsync<FencedException>(() => server.Journal.AppendLogAsync(run, epoch, [new RunLogLine(1, DateTimeOffset.UnixEpoch, "info", "line")], CancellationToken.None));
        Assert.Single(await server.Journal.LoadAsync(run, CancellationToken.None));
        Assert.Empty(await server.Journal.LoadLogAsync(run, CancellationToken.None));
        Assert.Equal(before.State, (await server.Store.FindAsync(run, CancellationToken.None))!.Value.Entity.State);
    }
}
