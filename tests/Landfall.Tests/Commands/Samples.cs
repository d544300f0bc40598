using Landfall.Protocol.Apps;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Tests.Commands;

/// <summary>Records as a server would answer.</summary>
internal static class Samples
{
    public const string ReportJson = """{"app": "helpdesk", "candidates": []}""";

    public static DateTimeOffset Start { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static RunSummary Run(RunState state, string? error = null) => new()
    {
        Id = "run-1",
        Kind = "landing",
        Title = "Landing of helpdesk",
        App = "helpdesk",
        State = state,
        Progress = new RunProgress(0.5, "linear: training"),
        CreatedAt = Start,
        Error = error,
        Epoch = 1,
    };

    public static CandidateReport Candidate(string name, Verdict verdict, double value = 0.927) => new()
    {
        Name = name,
        Technique = name,
        Hash = $"hash of {name}",
        Status = CandidateStatus.Measured,
        Targets =
        [
            new TargetReport
            {
                Metric = "accuracy", On = "test", Bound = 0.9, Direction = Direction.AtLeast, Confidence = 0.95,
                Value = value, Low = value - 0.0121, High = value + 0.0111, N = 600, Verdict = verdict,
                MoreExamples = verdict == Verdict.Undecided ? 250 : null,
            },
            new TargetReport
            {
                Metric = "out-of-scope-recall", On = "language=zh", Bound = 0.84, Direction = Direction.AtLeast, Confidence = 0.95,
                Value = value, Low = value - 0.05, High = value + 0.04, N = 200, Verdict = verdict,
            },
            new TargetReport
            {
                Metric = "latency-p95-ms", On = "test", Bound = 50, Direction = Direction.AtMost, Confidence = 0.95,
                Value = 12.34, Low = 11.111, High = 13.999, N = 600, Verdict = Verdict.Met,
            },
        ],
        Errors = [new ErrorCluster("billing", "refund", 31, 54, "31 of 54 errors confuse billing with refund: relabel or add rows.", ["a"])],
        Seconds = 12.3,
        PeakMemoryBytes = 210_000_000,
        TrainedParameters = 1_234_567,
        ArtifactBytes = 5_000_000,
    };

    public static IReadOnlyList<RunEvent> Events(RunState end, string? error = null) =>
    [
        new RunEvent { Type = "state", Run = Run(RunState.Running) },
        new RunEvent { Type = "progress", Progress = new RunProgress(0.25, "nearest: measuring 150 of 600") },
        new RunEvent { Type = "log", Log = new RunLogLine(1, Start, "warning", "3 rows are copies") },
        new RunEvent { Type = "row", Row = Candidate("nearest", Verdict.Undecided, 0.89) },
        new RunEvent { Type = "row", Row = Candidate("linear", Verdict.Met) },
        new RunEvent { Type = "state", Run = Run(end, error) },
    ];

    public static LandingResult Result(bool meets = true, string? heldBack = null) => new("helpdesk", Report(meets), heldBack);

    public static AppDetail App(bool hasRelease = true)
    {
        var report = Report(meets: true);
        var summary = new AppSummary
        {
            Name = "helpdesk",
            Scenario = "Customers write, the app sorts.",
            Targets = report.Candidates[1].Targets,
            Release = hasRelease ? report.Release : null,
            LastRun = Run(RunState.Completed),
        };
        return new AppDetail(summary, "app: helpdesk\n", report, [Run(RunState.Completed)]);
    }

    private static Report Report(bool meets) => new()
    {
        App = "helpdesk",
        Scenario = "Customers write, the app sorts.",
        Candidates =
        [
            Candidate("nearest", Verdict.Undecided, 0.89),
            Candidate("linear", meets ? Verdict.Met : Verdict.Missed),
            new CandidateReport { Name = "lora", Technique = "lora", Hash = "h", Status = CandidateStatus.Skipped, Reason = "The time budget is spent." },
        ],
        Comparisons = [],
        Release = meets ? new ReleaseReport("helpdesk", "linear", "linear", "hash of linear", MeetsTargets: true) : null,
        Obstacle = meets ? null : new Obstacle("accuracy", "test", 0.9, Direction.AtLeast, "linear", 0.88, Verdict.Missed, "Add rows for billing."),
        Data = new ReportData { TrainRows = 1500, ValidationRows = 150, TestRows = 600, TestVersion = "v" },
    };
}
