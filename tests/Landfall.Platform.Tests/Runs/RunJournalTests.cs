using System.Data.Common;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Platform.Tests.Storage;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Tests.Runs;

public sealed class SqliteRunJournalTests() : RunJournalTests(TestDatabase.Sqlite);

public sealed class PostgresRunJournalTests() : RunJournalTests(TestDatabase.Postgres);

public abstract class RunJournalTests(TestDatabase kind) : DatabaseTests(kind)
{
    private static readonly System.Text.Json.JsonElement Payload = RunJson.ToElement(new { });

    [Fact]
    public async Task AppendAsync_OlderOwnerOfTheRun_ThrowsAndWritesNothing()
    {
        await using var server = await RunsServer.StartAsync(Folder, Address);
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
        await using var older = await RunsServer.StartAsync(Folder, Address);
        var run = await older.CreateRunAsync();
        var epoch = await older.Journal.ClaimAsync(run, CancellationToken.None);
        await AppendAsync(older, run, epoch, seq: 1);
        await using var newer = await RunsServer.StartAsync(Folder, Address);

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
        await using var server = await RunsServer.StartAsync(Folder, Address);
        var run = await server.CreateRunAsync();
        var epoch = await server.Journal.ClaimAsync(run, CancellationToken.None);
        await AppendAsync(server, run, epoch, seq: 1);

        await Assert.ThrowsAnyAsync<DbException>(() => AppendAsync(server, run, epoch, seq: 1));

        Assert.Single(await server.Journal.LoadAsync(run, CancellationToken.None));
    }

    [Fact]
    public async Task ClaimAsync_UnknownRun_SaysSo()
    {
        await using var server = await RunsServer.StartAsync(Folder, Address);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => server.Journal.ClaimAsync("none", CancellationToken.None));
    }

    [Fact]
    public async Task JoinOrCreateAsync_SameRequestAtOnce_MakesOneRun()
    {
        await using var server = await RunsServer.StartAsync(Folder, Address);

        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => server.CreateRunAsync())));

        Assert.Single(runs.Distinct());
        Assert.Single(await server.Store.ListAsync(app: null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_WhileAnotherClaims_IsSeenByTheNewOwnerOrRefused()
    {
        await using var server = await RunsServer.StartAsync(Folder, Address);
        var run = await server.CreateRunAsync();
        for (var round = 0; round < 20; round++)
        {
            var older = await server.Journal.ClaimAsync(run, CancellationToken.None);
            var last = (await server.Journal.LoadAsync(run, CancellationToken.None)).Count;
            var append = Task.Run(() => AppendAsync(server, run, older, last + 1));
            var claim = Task.Run(async () =>
            {
                await server.Journal.ClaimAsync(run, CancellationToken.None);
                return await server.Journal.LoadAsync(run, CancellationToken.None);
            });

            var seen = await claim;
            var written = await append.ContinueWith(a => a.IsCompletedSuccessfully, TaskScheduler.Default);

            // What the older owner wrote, the newer one has read: nothing comes later.
            Assert.Equal(written ? last + 1 : last, seen.Count);
            Assert.Equal(seen.Count, (await server.Journal.LoadAsync(run, CancellationToken.None)).Count);
        }
    }

    [Fact]
    public async Task BeginWriteAsync_SuccessorClaimsMeanwhile_WaitsForTheWriteToEnd()
    {
        await using var older = await RunsServer.StartAsync(Folder, Address);
        var write = await older.Get<DatabaseConnections>().BeginWriteAsync(older.Fence, CancellationToken.None);
        var successor = Task.Run(() => RunsServer.StartAsync(Folder, Address));
        await Task.WhenAny(successor, Task.Delay(TimeSpan.FromSeconds(1)));
        Assert.False(successor.IsCompleted);

        await write.CommitAsync(CancellationToken.None);
        write.Dispose();

        await using var newer = await successor;
        Assert.Equal(older.Fence.Epoch + 1, newer.Fence.Epoch);
        await Assert.ThrowsAsync<FencedException>(() => older.Get<DatabaseConnections>().BeginWriteAsync(older.Fence, CancellationToken.None));
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
