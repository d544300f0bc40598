using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Console.Runs;

/// <summary>A run as its events tell it. Events may come again after a lost connection; each log line and ladder row is kept once.</summary>
public sealed class RunFeed
{
    /// <summary>Log lines kept for the page; older ones are counted.</summary>
    public const int KeptLines = 500;

    private readonly Queue<RunLogLine> _lines = new();
    private readonly List<CandidateReport> _rows = [];
    private long _lastSeq;

    /// <summary>The run, once known.</summary>
    public RunSummary? Run { get; private set; }

    /// <summary>The newest log lines, oldest first.</summary>
    public IReadOnlyCollection<RunLogLine> Lines => _lines;

    /// <summary>Lines no longer kept.</summary>
    public long DroppedLines { get; private set; }

    /// <summary>The ladder's rows in the order in which they became known.</summary>
    public IReadOnlyList<CandidateReport> Rows => _rows;

    /// <summary>Whether the run has ended and no event will follow.</summary>
    public bool HasEnded => Run is { State: RunState.Completed or RunState.Failed or RunState.Cancelled or RunState.Interrupted };

    /// <summary>Takes the run as asked for.</summary>
    public void Apply(RunSummary run) => Run = run;

    /// <summary>Takes a log line, unless it is known.</summary>
    public void Apply(RunLogLine line)
    {
        if (line.Seq <= _lastSeq)
        {
            return;
        }

        _lastSeq = line.Seq;
        _lines.Enqueue(line);
        if (_lines.Count > KeptLines)
        {
            _lines.Dequeue();
            DroppedLines++;
        }
    }

    /// <summary>Takes an event. Types that are not known are passed over, so that a newer server can be followed.</summary>
    /// <returns>Whether the run's state is another than before.</returns>
    public bool Apply(RunEvent item)
    {
        var before = Run?.State;
        if (item.Run is not null)
        {
            Run = item.Run;
        }

        if (item.Progress is not null && Run is not null)
        {
            Run = Run with { Progress = item.Progress };
        }

        if (item.Log is not null)
        {
            Apply(item.Log);
        }

        if (item.Row is not null)
        {
            var known = _rows.FindIndex(row => row.Name == item.Row.Name);
            if (known >= 0)
            {
                _rows[known] = item.Row;
            }
            else
            {
                _rows.Add(item.Row);
            }
        }

        return before != Run?.State;
    }
}
