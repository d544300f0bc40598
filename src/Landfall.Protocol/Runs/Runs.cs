using System.Text.Json;
using System.Text.Json.Serialization;

namespace Landfall.Protocol.Runs;

/// <summary>Where a run stands.</summary>
[JsonConverter(typeof(KebabEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Accepted, not yet started.</summary>
    Pending,

    /// <summary>An owner is working on it.</summary>
    Running,

    /// <summary>Its owner's process is gone; <c>resume</c>, or the next <c>serve</c>, goes on from the journal.</summary>
    Interrupted,

    /// <summary>Finished with a result.</summary>
    Completed,

    /// <summary>Stopped by an error; <c>resume</c> tries the failed step again.</summary>
    Failed,

    /// <summary>Stopped on request; <c>resume</c> goes on from the journal.</summary>
    Cancelled,
}

/// <summary>How far a run is.</summary>
/// <param name="Fraction">0 to 1, or null when it cannot be known.</param>
/// <param name="Message">What is being done now, in a few words.</param>
public sealed record RunProgress(double? Fraction, string Message);

/// <summary>A run, in short.</summary>
public sealed record RunSummary
{
    /// <summary>The run's id: sortable by time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of work: <c>landing</c>, <c>import</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it works on, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The app it belongs to, when it belongs to one.</summary>
    public string? App { get; init; }

    /// <summary>Who started it.</summary>
    public string? StartedBy { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>How far it is.</summary>
    public required RunProgress Progress { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended, if it has.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public string? Error { get; init; }

    /// <summary>How many owners have worked on it: more than 1 after a crash, a cancel or a retry.</summary>
    public int Epoch { get; init; }
}

/// <summary>One entry of a run's journal.</summary>
/// <param name="Seq">Position, from 1, without gaps.</param>
/// <param name="Epoch">The owner that wrote it.</param>
/// <param name="Kind"><c>intent</c>, <c>outcome</c>, <c>decision</c>, <c>state</c>.</param>
/// <param name="Step">The step's name, unique within the run.</param>
/// <param name="At">When it was written.</param>
/// <param name="Payload">What was written, as JSON.</param>
public sealed record JournalEntry(long Seq, long Epoch, string Kind, string Step, DateTimeOffset At, JsonElement Payload);

/// <summary>A run with its journal.</summary>
/// <param name="Run">The run.</param>
/// <param name="Journal">Its journal, oldest first.</param>
/// <param name="Result">What it produced, when completed.</param>
public sealed record RunDetail(RunSummary Run, IReadOnlyList<JournalEntry> Journal, JsonElement? Result);

/// <summary>A line of a run's log.</summary>
/// <param name="Seq">Position, from 1.</param>
/// <param name="At">When.</param>
/// <param name="Level"><c>info</c>, <c>warning</c>, <c>error</c>.</param>
/// <param name="Message">The line.</param>
public sealed record RunLogLine(long Seq, DateTimeOffset At, string Level, string Message);

/// <summary>One event of <c>GET /api/runs/{id}/events</c>; exactly one of the optional parts is set.</summary>
public sealed record RunEvent
{
    /// <summary><c>state</c>, <c>progress</c>, <c>log</c>, <c>row</c>.</summary>
    public required string Type { get; init; }

    /// <summary>With <c>state</c>: the run as it is now. The stream ends after an ended state.</summary>
    public RunSummary? Run { get; init; }

    /// <summary>With <c>progress</c>.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>With <c>log</c>.</summary>
    public RunLogLine? Log { get; init; }

    /// <summary>With <c>row</c>: a row of the ladder, as soon as it is known.</summary>
    public Reports.CandidateReport? Row { get; init; }
}
