using System.Collections.Concurrent;
using System.Threading.Channels;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Runs;

/// <summary>What this process's working runs are saying: kept in memory for those who follow them live.</summary>
public sealed class RunFeed
{
    private readonly ConcurrentDictionary<string, LiveRun> _live = new(StringComparer.Ordinal);

    /// <summary>Whether the run has its owner in this process.</summary>
    public bool IsWorking(string runId) => _live.ContainsKey(runId);

    public LiveRun? Find(string runId) => _live.GetValueOrDefault(runId);

    internal LiveRun Open(string runId, IReadOnlyList<RunLogLine> log, IReadOnlyList<CandidateReport> rows) =>
        _live[runId] = new LiveRun(log, rows);

    internal void Close(string runId, RunSummary? ended)
    {
        if (_live.TryRemove(runId, out var run))
        {
            run.Close(ended);
        }
    }
}

/// <summary>A working run's log, ladder rows and progress, and those who follow them.</summary>
public sealed class LiveRun(IReadOnlyList<RunLogLine> log, IReadOnlyList<CandidateReport> rows)
{
    /// <summary>So many events a follower may be behind, beyond what had been when it began.</summary>
    private const int MostBehind = 10_000;

    private readonly Lock _gate = new();
    private readonly List<RunEvent> _past =
    [
        .. log.Select(line => new RunEvent { Type = "log", Log = line }),
        .. rows.Select(row => new RunEvent { Type = "row", Row = row }),
    ];

    private readonly List<Channel<RunEvent>> _followers = [];
    private bool _closed;

    public RunProgress Progress { get; private set; } = new(Fraction: null, "starting");

    /// <summary>
    /// Everything that has been, and from then on what comes, without gap or overlap; completed when the run ends, or when the
    /// follower has fallen too far behind. <see cref="Leave"/> ends it.
    /// </summary>
    public ChannelReader<RunEvent> Follow()
    {
        lock (_gate)
        {
            var channel = Channel.CreateBounded<RunEvent>(new BoundedChannelOptions(_past.Count + MostBehind) { SingleReader = true });
            foreach (var item in _past)
            {
                channel.Writer.TryWrite(item);
            }

            channel.Writer.TryWrite(new RunEvent { Type = "progress", Progress = Progress });
            if (_closed)
            {
                channel.Writer.Complete();
            }
            else
            {
                _followers.Add(channel);
            }

            return channel.Reader;
        }
    }

    /// <summary>Nobody reads it any more.</summary>
    public void Leave(ChannelReader<RunEvent> reader)
    {
        lock (_gate)
        {
            _followers.RemoveAll(f => f.Reader == reader);
        }
    }

    internal void Publish(RunEvent item)
    {
        lock (_gate)
        {
            if (item.Progress is { } progress)
            {
                Progress = progress;
            }
            else
            {
                _past.Add(item);
            }

            _followers.RemoveAll(f => !f.Writer.TryWrite(item) && f.Writer.TryComplete());
        }
    }

    internal void Close(RunSummary? ended)
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var follower in _followers)
            {
                if (ended is not null)
                {
                    follower.Writer.TryWrite(new RunEvent { Type = "state", Run = ended });
                }

                follower.Writer.TryComplete();
            }

            _followers.Clear();
        }
    }
}
