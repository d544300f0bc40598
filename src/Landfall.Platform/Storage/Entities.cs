using Landfall.Platform.Access;

namespace Landfall.Platform.Storage;

/// <summary>The one row that says which server owns the database; see <see cref="ServerFence"/>.</summary>
public sealed class ServerEntity
{
    public int Id { get; set; }

    public long Epoch { get; set; }
}

public sealed class AppEntity : ITeamOwned
{
    public string Team { get; set; } = Caller.Current.Team;

    public required string Name { get; set; }

    /// <summary>Identity of the folder that the app is landed from.</summary>
    public required string Origin { get; set; }

    public required string Scenario { get; set; }

    public required string Brief { get; set; }

    /// <summary>The last finished landing's report, as a blob.</summary>
    public string? ReportSha256 { get; set; }

    /// <summary>The live release.</summary>
    public string? ReleaseJson { get; set; }

    /// <summary>The report that the live release was chosen by, as a blob.</summary>
    public string? ReleaseReportSha256 { get; set; }

    /// <summary>What an app answers out of scope, and its label (JSON of <see cref="Briefs.OutOfScope"/>), with the live release.</summary>
    public string? ReleaseOutOfScopeJson { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

public sealed class DatasetEntity : ITeamOwned
{
    public string Team { get; set; } = Caller.Current.Team;

    public required string Name { get; set; }

    public required string Version { get; set; }

    public required string SummaryJson { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

public sealed class CandidateEntity : ITeamOwned
{
    public string Team { get; set; } = Caller.Current.Team;

    public required string Hash { get; set; }

    public required string Technique { get; set; }

    public required string ArtifactSha256 { get; set; }

    /// <summary>What training reported and took: JSON of <see cref="Candidates.TrainingRecord"/>.</summary>
    public required string TrainingJson { get; set; }
}

/// <summary>A candidate's answer to an example: paid for once.</summary>
public sealed class AnswerEntity
{
    public required string Candidate { get; set; }

    public required string Example { get; set; }

    public required string Got { get; set; }

    public double? Confidence { get; set; }

    public double LatencyMs { get; set; }

    public long Tokens { get; set; }

    public double CostUsd { get; set; }

    /// <summary>The call of a language model that gave it (<see cref="Endpoints.Calls.PaidCallEntity"/>).</summary>
    public string? Call { get; set; }
}

/// <summary>A metric's per-example value for a candidate's answer: little-endian doubles.</summary>
public sealed class ScoreEntity
{
    public required string Candidate { get; set; }

    public required string Example { get; set; }

    public required string Metric { get; set; }

    public byte[]? Values { get; set; }
}

/// <summary>A set of candidates that was judged on some test rows: each further set is a further look at them.</summary>
public sealed class LookEntity : ITeamOwned
{
    public string Team { get; set; } = Caller.Current.Team;

    public long Id { get; set; }

    public required string TestVersion { get; set; }

    public required string CandidateSet { get; set; }
}

public sealed class RunEntity : ITeamOwned
{
    public string Team { get; set; } = Caller.Current.Team;

    public required string Id { get; set; }

    public required string Kind { get; set; }

    public required string Title { get; set; }

    public string? App { get; set; }

    /// <summary>Who started it; it works on their behalf, whoever resumes it.</summary>
    public string StartedBy { get; set; } = Caller.Current.Name;

    /// <summary>Identity of the request: the same request again joins an unfinished run.</summary>
    public required string RequestKey { get; set; }

    public required string InputJson { get; set; }

    public required string State { get; set; }

    public double? Fraction { get; set; }

    public required string Message { get; set; }

    public string? Error { get; set; }

    public string? ResultJson { get; set; }

    /// <summary>The fencing epoch: raised by every new owner; an older owner can write nothing more.</summary>
    public long Epoch { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}

public sealed class JournalEntity
{
    public required string RunId { get; set; }

    public long Seq { get; set; }

    public long Epoch { get; set; }

    public required string Kind { get; set; }

    public required string Step { get; set; }

    public required string Payload { get; set; }

    public DateTimeOffset At { get; set; }
}

public sealed class RunLogEntity
{
    public required string RunId { get; set; }

    public long Seq { get; set; }

    public required string Level { get; set; }

    public required string Message { get; set; }

    public DateTimeOffset At { get; set; }
}
