using Landfall.Platform.Runs;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Tests.Runs;

public sealed class RunFeedTests
{
    private const int Lines = 2_000;

    /// <summary>Whenever somebody begins to follow, each line comes once, in order, from the first to the last.</summary>
    [Fact]
    public async Task Follow_BegunAtAnyTime_GivesPastAndLiveEventsWithoutGap()
    {
        var live = new LiveRun([Line(1), Line(2)], []);
        using var started = new Barrier(9);
        var publisher = Task.Run(() =>
        {
            started.SignalAndWait();
            for (var i = 3; i <= Lines; i++)
            {
                live.Publish(new RunEvent { Type = "log", Log = Line(i) });
            }

            live.Close(ended: null);
        });
        var followers = Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            started.SignalAndWait();
            Thread.SpinWait(new Random(seed).Next(200_000));
            var seen = new List<long>();
            await foreach (var item in live.Follow().ReadAllAsync())
            {
                if (item.Log is { } line)
                {
                    seen.Add(line.Seq);
                }
            }

            return seen;
        })).ToArray();

        await publisher;
        foreach (var seen in await Task.WhenAll(followers))
        {
            Assert.Equal(Enumerable.Range(1, Lines).Select(i => (long)i), seen);
        }
    }

    [Fact]
    public async Task Close_WithTheRunsEnd_IsTheLastEvent()
    {
        var live = new LiveRun([], []);
        var reader = live.Follow();
        var run = new RunSummary
        {
            Id = "1",
            Kind = "scripted",
            Title = "a run",
            State = RunState.Completed,
            Progress = new RunProgress(1, "done"),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

        live.Publish(new RunEvent { Type = "log", Log = Line(1) });
        live.Close(run);

        var events = new List<RunEvent>();
        await foreach (var item in reader.ReadAllAsync())
        {
            events.Add(item);
        }

        Assert.Equal(["progress", "log", "state"], events.Select(e => e.Type));
        Assert.Same(run, events[^1].Run);
    }

    private static RunLogLine Line(long seq) => new(seq, DateTimeOffset.UnixEpoch, "info", $"line {seq}");
}
