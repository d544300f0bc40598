using CsCheck;
using Landfall.Console.Runs;
using Landfall.Console.Tests.FakeServer;
using Landfall.Protocol.Runs;

namespace Landfall.Console.Tests.Runs;

public sealed class RunFeedTests
{
    [Fact]
    public void Apply_EventsAgainFromTheirStart_KeepsEachOnce() =>
        Gen.Int[0, FakeContent.Events.Count].Sample(heard =>
        {
            var feed = new RunFeed();
            foreach (var item in FakeContent.Events.Take(heard).Concat(FakeContent.Events))
            {
                feed.Apply(item);
            }

            Assert.Equal(FakeContent.Log, feed.Lines);
            Assert.Equal(["nearest"], feed.Rows.Select(row => row.Name));
        });

    [Fact]
    public void Apply_MoreLinesThanKept_KeepsTheNewestAndCountsTheRest()
    {
        var feed = new RunFeed();
        for (var seq = 1; seq <= RunFeed.KeptLines + 30; seq++)
        {
            feed.Apply(new RunLogLine(seq, FakeContent.Now, "info", "line"));
        }

        Assert.Equal(RunFeed.KeptLines, feed.Lines.Count);
        Assert.Equal(30, feed.DroppedLines);
        Assert.Equal(31, feed.Lines.First().Seq);
    }

    [Theory]
    [InlineData(RunState.Pending, false)]
    [InlineData(RunState.Running, false)]
    [InlineData(RunState.Completed, true)]
    [InlineData(RunState.Failed, true)]
    [InlineData(RunState.Cancelled, true)]
    public void HasEnded_InEachState_SaysWhetherEventsFollow(RunState state, bool ended)
    {
        var feed = new RunFeed();

        Assert.True(feed.Apply(new RunEvent { Type = "state", Run = FakeContent.Running with { State = state } }));
        Assert.False(feed.Apply(new RunEvent { Type = "progress", Progress = new RunProgress(0.5, "half") }));

        Assert.Equal(ended, feed.HasEnded);
        Assert.Equal("half", feed.Run!.Progress.Message);
    }
}
