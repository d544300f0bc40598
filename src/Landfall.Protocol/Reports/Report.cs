using System.Text.Json.Serialization;

namespace Landfall.Protocol.Reports;

/// <summary>What is known of a target (STANDARDS: one-sided bounds, alpha divided by candidates and looks).</summary>
[JsonConverter(typeof(KebabEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Proven: the one-sided bound is on the right side of the target.</summary>
    Met,

    /// <summary>Disproven.</summary>
    Missed,

    /// <summary>The data cannot tell.</summary>
    Undecided,
}

/// <summary>Which side of the bound is wanted.</summary>
[JsonConverter(typeof(KebabEnumConverter<Direction>))]
public enum Direction
{
    /// <summary>The value must be at least the bound.</summary>
    AtLeast,

    /// <summary>The value must be at most the bound.</summary>
    AtMost,
}

/// <summary>What became of a candidate.</summary>
[JsonConverter(typeof(KebabEnumConverter<CandidateStatus>))]
public enum CandidateStatus
{
    /// <summary>Trained and measured.</summary>
    Measured,

    /// <summary>Left out, for the reason given: budget, or it does not fit the brief.</summary>
    Skipped,

    /// <summary>It failed, for the reason given.</summary>
    Failed,
}

/// <summary>A figure with its two-sided interval.</summary>
/// <param name="Value">The estimate. Rates are fractions; latencies are milliseconds.</param>
/// <param name="Low">Lower end of the 95% interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="N">Examples it rests on.</param>
public sealed record MetricValue(double Value, double Low, double High, long N);

/// <summary>A target and what a candidate makes of it.</summary>
public sealed record TargetReport
{
    /// <summary>The metric's name.</summary>
    public required string Metric { get; init; }

    /// <summary>The data it is measured on: <c>test</c>, or a slice such as <c>language=zh</c>.</summary>
    public required string On { get; init; }

    /// <summary>The bound.</summary>
    public required double Bound { get; init; }

    /// <summary>Whether the value must be at least or at most the bound.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The confidence asked for.</summary>
    public required double Confidence { get; init; }

    /// <summary>The estimate.</summary>
    public required double Value { get; init; }

    /// <summary>The one-sided lower bound at the corrected level.</summary>
    public required double Low { get; init; }

    /// <summary>The one-sided upper bound at the corrected level.</summary>
    public required double High { get; init; }

    /// <summary>Examples it rests on.</summary>
    public required long N { get; init; }

    /// <summary>Met, missed or undecided.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>With undecided: about how many more examples would decide, if the estimate is the truth; null when it cannot be said.</summary>
    public long? MoreExamples { get; init; }
}

/// <summary>A group of errors that have the same shape.</summary>
/// <param name="Expected">The expected output they share.</param>
/// <param name="Got">The output they share.</param>
/// <param name="Count">Errors in the group.</param>
/// <param name="Of">Errors in all.</param>
/// <param name="Action">The next thing to do, in words.</param>
/// <param name="Examples">Ids of the rows.</param>
public sealed record ErrorCluster(string Expected, string Got, int Count, int Of, string Action, IReadOnlyList<string> Examples);

/// <summary>A row of the ladder.</summary>
public sealed record CandidateReport
{
    /// <summary>The candidate's name within the landing: the technique, with its settings where two share it.</summary>
    public required string Name { get; init; }

    /// <summary>The technique.</summary>
    public required string Technique { get; init; }

    /// <summary>The settings that were asked for.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>The candidate's hash: technique, settings and data.</summary>
    public required string Hash { get; init; }

    /// <summary>What became of it.</summary>
    public required CandidateStatus Status { get; init; }

    /// <summary>Why it was skipped or failed.</summary>
    public string? Reason { get; init; }

    /// <summary>All figures by metric name, on the whole test set.</summary>
    public IReadOnlyDictionary<string, MetricValue> Metrics { get; init => field = value ?? new Dictionary<string, MetricValue>(); } = new Dictionary<string, MetricValue>();

    /// <summary>The brief's targets, in its order; empty unless measured.</summary>
    public IReadOnlyList<TargetReport> Targets { get; init => field = value ?? []; } = [];

    /// <summary>Groups of errors, largest first.</summary>
    public IReadOnlyList<ErrorCluster> Errors { get; init => field = value ?? []; } = [];

    /// <summary>Wall time of training and measuring, in seconds, when it was done for the first time.</summary>
    public double Seconds { get; init; }

    /// <summary>The process's highest working set meanwhile.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Money spent on training and measuring.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>Parameters that were trained.</summary>
    public long TrainedParameters { get; init; }

    /// <summary>Size of what is served.</summary>
    public long ArtifactBytes { get; init; }

    /// <summary>What was chosen on validation data, such as a threshold, in words.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = [];
}

/// <summary>Two candidates on the same examples.</summary>
/// <param name="A">The first candidate's name.</param>
/// <param name="B">The second's.</param>
/// <param name="Metric">The metric.</param>
/// <param name="Difference">Value of A minus value of B.</param>
/// <param name="P">Two-sided p-value of the paired test, corrected by Holm over the report's comparisons.</param>
public sealed record ComparisonReport(string A, string B, string Metric, double Difference, double P);

/// <summary>The chosen release.</summary>
/// <param name="Model">The name it is served under in <c>/v1</c>: the app's.</param>
/// <param name="Candidate">The candidate's name.</param>
/// <param name="Technique">Its technique.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="MeetsTargets">Whether it meets every target.</param>
public sealed record ReleaseReport(string Model, string Candidate, string Technique, string Hash, bool MeetsTargets);

/// <summary>Why nothing could be released: the target in the way.</summary>
/// <param name="Metric">The target's metric.</param>
/// <param name="On">Its data.</param>
/// <param name="Bound">Its bound.</param>
/// <param name="Direction">At least or at most.</param>
/// <param name="Candidate">The candidate that came nearest.</param>
/// <param name="Value">What it reached.</param>
/// <param name="Verdict">Missed or undecided.</param>
/// <param name="Action">The next thing to do, in words.</param>
public sealed record Obstacle(string Metric, string On, double Bound, Direction Direction, string? Candidate, double? Value, Verdict Verdict, string Action);

/// <summary>The data a report rests on.</summary>
public sealed record ReportData
{
    /// <summary>Rows trained on, after copies of test rows were dropped.</summary>
    public required long TrainRows { get; init; }

    /// <summary>Rows that thresholds and settings were chosen on.</summary>
    public required long ValidationRows { get; init; }

    /// <summary>Rows that the figures rest on.</summary>
    public required long TestRows { get; init; }

    /// <summary>Train rows dropped because they are copies of test rows.</summary>
    public long DroppedTestCopies { get; init; }

    /// <summary>Train rows dropped because they are exact copies of one another.</summary>
    public long DroppedDuplicates { get; init; }

    /// <summary>Test rows whose label does not occur in train.</summary>
    public long UnseenLabelRows { get; init; }

    /// <summary>Looks already taken at these test rows with other candidates.</summary>
    public int EarlierLooks { get; init; }

    /// <summary>The version (hash) of the test rows.</summary>
    public required string TestVersion { get; init; }
}

/// <summary>The result of a landing: <c>report.json</c>. It holds no clock time and no run id, so that a resumed landing gives the same.</summary>
public sealed record Report
{
    /// <summary>The app.</summary>
    public required string App { get; init; }

    /// <summary>Its scenario, from the brief.</summary>
    public required string Scenario { get; init; }

    /// <summary>Every candidate, cheapest first: the ladder.</summary>
    public required IReadOnlyList<CandidateReport> Candidates { get; init; }

    /// <summary>Every pair of measured candidates.</summary>
    public required IReadOnlyList<ComparisonReport> Comparisons { get; init; }

    /// <summary>The brief's judges, and how far they can be trusted.</summary>
    public IReadOnlyList<JudgeReport> Judges { get; init => field = value ?? []; } = [];

    /// <summary>The chosen release, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ReleaseReport? Release { get; init; }

    /// <summary>With no release that meets every target: what is in the way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Obstacle? Obstacle { get; init; }

    /// <summary>The data.</summary>
    public required ReportData Data { get; init; }

    /// <summary>Warnings of the brief's check and of the data.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];
}
