using System.Diagnostics;
using System.Text.Json;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Runs;

/// <summary>
/// A run's view of its own journal. A step is written before its effect (intent) and after it (outcome); on resume a
/// step with an outcome is not done again. An effect must therefore be harmless to repeat when its outcome was lost.
/// </summary>
public sealed class RunContext
{
    private readonly RunJournal _journal;
    private readonly LiveRun _live;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Outcome> _outcomes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _intents = new(StringComparer.Ordinal);
    private readonly List<RunLogLine> _unwritten = [];
    private readonly Lock _logGate = new();
    private readonly SemaphoreSlim _appending = new(1, 1);
    private long _logSeq;
    private long _seq;

    internal RunContext(string runId, long epoch, RunJournal journal, LiveRun live, TimeProvider time, IReadOnlyList<JournalEntry> past, IReadOnlyList<RunLogLine> unwritten, long logSeq)
    {
        (RunId, Epoch, _journal, _live, _time, _logSeq) = (runId, epoch, journal, live, time, logSeq);
        _unwritten.AddRange(unwritten);
        foreach (var entry in past)
        {
            _seq = entry.Seq;
            if (entry.Kind is "outcome" or "decision")
            {
                _outcomes[entry.Step] = entry.Payload.To<Outcome>();
            }
            else if (entry.Kind == "intent")
            {
                _intents.Add(entry.Step);
            }
        }
    }

    public string RunId { get; }

    /// <summary>The fencing epoch of this owner.</summary>
    public long Epoch { get; }

    /// <summary>Working time of all finished steps, also of earlier owners: what a time budget is held against.</summary>
    public TimeSpan TimeSpent => TimeSpan.FromSeconds(_outcomes.Values.Sum(o => o.Seconds));

    /// <summary>Does the step, or returns its outcome if it has been done.</summary>
    public async Task<T> StepAsync<T>(string step, Func<CancellationToken, Task<T>> effect, CancellationToken cancellation)
    {
        if (_outcomes.TryGetValue(step, out var done))
        {
            return done.Value.To<T>();
        }

        cancellation.ThrowIfCancellationRequested();
        if (_intents.Add(step))
        {
            await AppendAsync("intent", step, RunJson.ToElement(new { }), cancellation).ConfigureAwait(false);
        }

        var started = Stopwatch.GetTimestamp();
        var value = await effect(cancellation).ConfigureAwait(false);
        await CompleteAsync("outcome", step, value, Stopwatch.GetElapsedTime(started).TotalSeconds).ConfigureAwait(false);
        return value;
    }

    /// <summary>Decides once: what hangs on the clock, or on what others did meanwhile, is journalled and stays so on resume.</summary>
    public async Task<T> DecideAsync<T>(string step, Func<Task<T>> decide, CancellationToken cancellation)
    {
        if (_outcomes.TryGetValue(step, out var done))
        {
            return done.Value.To<T>();
        }

        cancellation.ThrowIfCancellationRequested();
        var value = await decide().ConfigureAwait(false);
        await CompleteAsync("decision", step, value, seconds: 0).ConfigureAwait(false);
        return value;
    }

    /// <summary>Tells those who follow the run how far it is.</summary>
    public void Report(double? fraction, string message) =>
        _live.Publish(new RunEvent { Type = "progress", Progress = new RunProgress(fraction, message) });

    /// <summary>Shows a row of the ladder.</summary>
    public void ShowRow(CandidateReport row) => _live.Publish(new RunEvent { Type = "row", Row = row });

    public void Log(string message, string level = "info")
    {
        lock (_logGate)
        {
            var line = new RunLogLine(++_logSeq, _time.GetUtcNow(), level, message);
            _unwritten.Add(line);
            _live.Publish(new RunEvent { Type = "log", Log = line });
        }
    }

    /// <summary>The log lines that are not known to be on disk, and the number of the last line of all.</summary>
    internal (IReadOnlyList<RunLogLine> Lines, long LastSeq) Unwritten()
    {
        lock (_logGate)
        {
            return ([.. _unwritten], _logSeq);
        }
    }

    /// <summary>Writes the log lines that are not on disk yet.</summary>
    internal async Task FlushLogAsync()
    {
        RunLogLine[] lines;
        lock (_logGate)
        {
            lines = [.. _unwritten];
            _unwritten.Clear();
        }

        if (lines.Length == 0)
        {
            return;
        }

        try
        {
            await _journal.AppendLogAsync(RunId, Epoch, lines, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            // A full disk may have room again later.
            lock (_logGate)
            {
                _unwritten.InsertRange(0, lines);
            }

            throw;
        }
    }

    internal async Task TransitAsync(RunState state, string message, string? error = null, JsonElement? result = null)
    {
        await _appending.WaitAsync().ConfigureAwait(false);
        try
        {
            await _journal.TransitAsync(RunId, Epoch, _seq + 1, state, message, error, result, CancellationToken.None).ConfigureAwait(false);
            _seq++;
        }
        finally
        {
            _appending.Release();
        }
    }

    internal async Task AppendAsync(string kind, string step, JsonElement payload, CancellationToken cancellation)
    {
        await _appending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await _journal.AppendAsync(RunId, Epoch, _seq + 1, kind, step, payload, CancellationToken.None).ConfigureAwait(false);
            _seq++;
        }
        finally
        {
            _appending.Release();
        }
    }

    private async Task CompleteAsync<T>(string kind, string step, T value, double seconds)
    {
        var outcome = new Outcome(RunJson.ToElement(value), seconds);
        await AppendAsync(kind, step, RunJson.ToElement(outcome), CancellationToken.None).ConfigureAwait(false);
        _outcomes[step] = outcome;
        await FlushLogAsync().ConfigureAwait(false);
    }

    internal sealed record Outcome(JsonElement Value, double Seconds);
}
