using CsCheck;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Tests.Runs;

public sealed class RunExecutorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-runs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// However often the process ends, and whether before or after a step's effect: every step is done, one whose
    /// outcome was written is not done again, and the result is that of a run that nobody disturbed.
    /// </summary>
    [Fact]
    public async Task ExecuteAsync_InterruptedAnywhere_DoesEveryStepAndNoneTwiceOnceItIsWritten()
    {
        await using var server = await RunsServer.StartAsync(_folder);
        var request = 0;
        await Gen.Select(Gen.Int[1, 6], Gen.Int[0, 5].List[0, 4]).SampleAsync(
            async (steps, interruptions) =>
            {
                var run = await server.CreateRunAsync($"request {request++}");
                var effects = new int[steps];
                var expected = Enumerable.Repeat(1, steps).ToArray();
                var (clock, next) = (0, 0);
                foreach (var at in interruptions.Append(int.MaxValue))
                {
                    using var shutdown = new CancellationTokenSource();
                    var summary = await server.ExecuteAsync(run, (context, token) => WorkAsync(context, at, shutdown, token), shutdown: shutdown.Token);

                    // A step before the next one is in the journal: its effect, and the interruption in it, do not come.
                    var interrupted = at >= next && at < steps;
                    Assert.Equal(interrupted ? RunState.Interrupted : RunState.Completed, summary.State);
                    if (!interrupted)
                    {
                        break;
                    }

                    expected[at]++;
                    next = at;
                }

                var journal = await server.Journal.LoadAsync(run, CancellationToken.None);
                Assert.Equal(Enumerable.Range(1, journal.Count).Select(i => (long)i), journal.Select(e => e.Seq));
                for (var step = 0; step < steps; step++)
                {
                    Assert.Single(journal, e => e.Kind == "intent" && e.Step == $"step/{step}");
                    Assert.Single(journal, e => e.Kind == "outcome" && e.Step == $"step/{step}");
                    Assert.Equal(expected[step], effects[step]);
                }

                Assert.Equal(Enumerable.Range(0, steps).Sum() + 1, (await server.Store.FindAsync(run, CancellationToken.None))!.Value.Entity.ResultJson is { } json ? int.Parse(json, System.Globalization.CultureInfo.InvariantCulture) : -1);

                async Task<int> WorkAsync(RunContext context, int at, CancellationTokenSource shutdown, CancellationToken token)
                {
                    var sum = await context.DecideAsync("clock", () => Task.FromResult(++clock), token);
                    for (var i = 0; i < steps; i++)
                    {
                        var step = i;
                        sum += await context.StepAsync($"step/{step}", async inner =>
                        {
                            effects[step]++;
                            if (step == at)
                            {
                                await shutdown.CancelAsync();
                                inner.ThrowIfCancellationRequested();
                            }

                            return step;
                        }, token);
                    }

                    return sum;
                }
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public async Task ExecuteAsync_Cancelled_StopsAndGoesOnWhenResumed()
    {
        await using var server = await RunsServer.StartAsync(_folder);
        var run = await server.CreateRunAsync();
        using var cancel = new CancellationTokenSource();
        var (first, second) = (0, 0);

        var stopped = await server.ExecuteAsync(run, (context, token) => WorkAsync(context, cancel, token), cancelled: cancel.Token);
        var resumed = await server.ExecuteAsync(run, (context, token) => WorkAsync(context, stop: null, token));

        Assert.Equal((RunState.Cancelled, 1), (stopped.State, stopped.Epoch));
        Assert.NotNull(stopped.EndedAt);
        Assert.Equal((RunState.Completed, 2), (resumed.State, resumed.Epoch));
        Assert.Equal((1, 1), (first, second));

        async Task<int> WorkAsync(RunContext context, CancellationTokenSource? stop, CancellationToken token)
        {
            await context.StepAsync("first", _ => Task.FromResult(++first), token);
            await (stop?.CancelAsync() ?? Task.CompletedTask);
            return await context.StepAsync("second", _ => Task.FromResult(++second), token);
        }
    }

    [Fact]
    public async Task ExecuteAsync_Failed_RetriesTheFailedStepWhenResumed()
    {
        await using var server = await RunsServer.StartAsync(_folder);
        var run = await server.CreateRunAsync();
        var (good, bad) = (0, 0);

        var failed = await server.ExecuteAsync(run, WorkAsync);
        var resumed = await server.ExecuteAsync(run, WorkAsync);

        Assert.Equal((RunState.Failed, "Line 3 is no row."), (failed.State, failed.Error));
        Assert.Equal((RunState.Completed, null), (resumed.State, resumed.Error));
        Assert.Equal((1, 2), (good, bad));

        async Task<int> WorkAsync(RunContext context, CancellationToken token)
        {
            await context.StepAsync("good", _ => Task.FromResult(++good), token);
            return await context.StepAsync("bad", _ => ++bad == 1 ? throw new RunFailedException("Line 3 is no row.", ErrorCodes.DataInvalid) : Task.FromResult(bad), token);
        }
    }

    [Fact]
    public async Task ExecuteAsync_SeveralOwners_KeepOneLog()
    {
        await using var server = await RunsServer.StartAsync(_folder);
        var run = await server.CreateRunAsync();
        using var shutdown = new CancellationTokenSource();
        await server.ExecuteAsync(run, async (context, token) =>
        {
            context.Log("before");
            await shutdown.CancelAsync();
            token.ThrowIfCancellationRequested();
            return 0;
        }, shutdown: shutdown.Token);
        await server.ExecuteAsync(run, (context, _) =>
        {
            context.Log("after");
            return Task.FromResult(0);
        });

        var log = await server.Journal.LoadLogAsync(run, CancellationToken.None);

        Assert.Equal(["before", "Resumed from the journal (owner 2).", "after"], log.Select(l => l.Message));
        Assert.Equal([1, 2, 3], log.Select(l => l.Seq));
    }

    [Fact]
    public async Task ExecuteAsync_ReplacedInTheMiddle_LeavesTheRunToItsNewOwner()
    {
        await using var older = await RunsServer.StartAsync(_folder);
        var run = await older.CreateRunAsync();
        RunsServer? newer = null;
        await older.ExecuteAsync(run, async (context, token) =>
        {
            await context.StepAsync("first", _ => Task.FromResult(1), token);
            newer = await RunsServer.StartAsync(_folder);
            return await context.StepAsync("second", _ => Task.FromResult(2), token);
        });

        await using (newer)
        {
            Assert.Equal(RunState.Interrupted, (await newer!.Store.FindAsync(run, CancellationToken.None))!.Value.Summary.State);
            Assert.Equal(["running", "first", "first"], (await newer.Journal.LoadAsync(run, CancellationToken.None)).Select(e => e.Step));
            Assert.True(older.Fence.Lost.IsCompleted);
            Assert.Equal(RunState.Completed, (await newer.ExecuteAsync(run, (context, token) => context.StepAsync("second", _ => Task.FromResult(2), token))).State);
        }
    }
}
