using System.Text.Json;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>What a server with three apps would hold.</summary>
internal static class FakeContent
{
    public const string RunningId = "01J9ZK3T8W-run-live";
    public const string FailedId = "01J9ZJ2A7V-run-failed";
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 30, 0, TimeSpan.Zero);

    public static RunSummary Completed { get; } = Run("01J9ZH8M4Q-run-done", "Land helpdesk", "helpdesk", RunState.Completed, 1, "Report written", ended: true);

    public static RunSummary Running { get; } = Run(RunningId, "Land meeting-notes", "meeting-notes", RunState.Running, 0.42, "linear: training, fold 3 of 5");

    public static RunSummary Failed { get; } = Run(FailedId, "Land notices", "notices", RunState.Failed, 0.6, "linear: measuring", ended: true) with
    {
        Epoch = 2,
        Error = "data/test.jsonl, line 214: the row has no field \"text\"; found id, source. Name the field in the brief (data.text) or correct the row.",
    };

    public static IReadOnlyList<RunSummary> Runs { get; } =
    [
        Running,
        Failed,
        Completed,
        Run("01J9ZG1D2C-run-stop", "Land helpdesk", "helpdesk", RunState.Cancelled, 0.3, "nearest: measuring", ended: true),
        Run("01J9ZF0B1A-run-import", "Import tickets-2026.csv", app: null, RunState.Completed, 1, "1,000,000 rows", ended: true) with { Kind = "import" },
        Run("01J9ZE0B1A-run-wait", "Import archive.jsonl", app: null, RunState.Pending, null, "Waiting for its turn") with { Kind = "import" },
    ];

    public static Report Helpdesk { get; } = new()
    {
        App = "helpdesk",
        Scenario = "Customers of an internet provider write one short message, in English or Chinese; the app names what they want, or says that it is out of scope.",
        Candidates =
        [
            Candidate("nearest", 0.861, 0.914, 0.826, 3.1, 0, 4_100_000, seconds: 2.4) with { Errors = Clusters(83) },
            Candidate("linear", 0.938, 0.902, 0.918, 1.2, 1_210_368, 9_700_000, seconds: 11.8) with
            {
                Notes = ["out-of-scope threshold 0.41, chosen on validation data", "calibrated with temperature 1.31"],
                Errors = Clusters(37),
            },
            Skipped("prompt", "No language model is registered; the brief's budget of 10 min does not cover a download."),
        ],
        Comparisons =
        [
            new ComparisonReport("linear", "nearest", "accuracy", 0.077, 0.00002),
            new ComparisonReport("linear", "nearest", "out-of-scope-recall", -0.012, 0.41),
        ],
        Release = new ReleaseReport("helpdesk", "linear", "linear", "6c1f0a7b9e2d4c5f8a1b3d5e7f90a2b4", MeetsTargets: false),
        Obstacle = new Obstacle("in-scope-accuracy", "language=zh", 0.90, Direction.AtLeast, "linear", 0.918, Verdict.Undecided, "Add about 410 Chinese test rows: 160 are too few to tell 0.918 from 0.900 at 95% confidence."),
        Data = new ReportData { TrainRows = 1_512, ValidationRows = 378, TestRows = 812, DroppedTestCopies = 3, DroppedDuplicates = 11, TestVersion = "b7d1e0c95f2a4e6c8d0f" },
        Warnings = ["data/train.jsonl: 3 rows are copies of test rows (lines 88, 412, 1,207); they are dropped from train."],
    };

    public static Report Notices { get; } = new()
    {
        App = "notices",
        Scenario = "把物业通知的草稿改写成给住户的简短通知。",
        Candidates =
        [
            Candidate("nearest", 0.52, 0.6, 0.5, 4.2, 0, 900_000, seconds: 1.1) with { Targets = [Target("rouge-l", "test", 0.60, 0.52, 0.49, 0.55, Verdict.Missed, 240)] },
        ],
        Comparisons = [],
        Release = null,
        Obstacle = new Obstacle("rouge-l", "test", 0.60, Direction.AtLeast, "nearest", 0.52, Verdict.Missed, "Add a language model with `landfall models add` so that `prompt` can be tried; copying the nearest row cannot reach the bound."),
        Data = new ReportData { TrainRows = 900, ValidationRows = 100, TestRows = 240, TestVersion = "aa00" },
    };

    public static IReadOnlyList<AppSummary> Apps { get; } =
    [
        new AppSummary { Name = "helpdesk", Scenario = Helpdesk.Scenario, Targets = Helpdesk.Candidates[1].Targets, Release = Helpdesk.Release, LastRun = Completed },
        new AppSummary { Name = "meeting-notes", Scenario = "A transcript of a meeting becomes a list of decisions, each with its owner and date.", LastRun = Running },
        new AppSummary { Name = "notices", Scenario = Notices.Scenario, Targets = Notices.Candidates[0].Targets, LastRun = Failed },
    ];

    public static AppDetail? App(string name) => name switch
    {
        "helpdesk" => new AppDetail(Apps[0], Brief, Helpdesk, [Completed, Runs[3]]),
        "meeting-notes" => new AppDetail(Apps[1], Brief, Report: null, [Running]),
        "notices" => new AppDetail(Apps[2], Brief, Notices, [Failed]),
        _ => null,
    };

    public static IReadOnlyList<ExampleResult> Examples(string app) => app == "notices" ? TextExamples : LabelExamples;

    public static RunDetail? RunDetail(string id) =>
        Runs.FirstOrDefault(run => run.Id == id) is { } run ? new RunDetail(run, Journal, Result: null) : null;

    public static IReadOnlyList<RunLogLine> Log { get; } =
    [
        .. Enumerable.Range(1, 14).Select(seq => new RunLogLine(seq, Now.AddSeconds(seq - 120), seq == 6 ? "warning" : "info", seq switch
        {
            1 => "Brief checked: 0 errors, 1 warning.",
            2 => "Imported data/train.jsonl: 1,893 rows, version 5f1c2a.",
            6 => "3 rows of train are copies of test rows; dropped.",
            _ => $"nearest: measured {seq * 58} of 812 test rows.",
        })),
    ];

    public static IReadOnlyList<RunEvent> Events { get; } =
    [
        .. Log.Select(line => new RunEvent { Type = "log", Log = line }),
        new RunEvent { Type = "row", Row = Helpdesk.Candidates[0] },
    ];

    private static IReadOnlyList<JournalEntry> Journal { get; } =
    [
        Entry(1, "intent", "brief", """{"sha256":"9f2c"}"""),
        Entry(2, "outcome", "brief", """{"errors":0,"warnings":1}"""),
        Entry(3, "intent", "import train", """{"path":"data/train.jsonl"}"""),
        Entry(4, "outcome", "import train", """{"rows":1893,"version":"5f1c2a0b7d9e4c61a8f3","droppedDuplicates":11,"droppedTestCopies":3,"format":"jsonl"}"""),
        Entry(5, "decision", "budget", """{"spentSeconds":2.4,"skip":["prompt"]}"""),
    ];

    private static IReadOnlyList<ExampleResult> LabelExamples { get; } =
    [
        .. Enumerable.Range(0, 60).Select(index => (index % 5) switch
        {
            0 => Example(index, "My bill went up by eight euros this month and nobody told me why.", "billing-question", "price-increase", 0.48),
            1 => Example(index, "这个月的账单为什么比上个月多了六十块？", "billing-question", "billing-question", 0.91, "zh"),
            2 => Example(index, "I was charged twice, please send the second payment back to my card.", "refund-request", "billing-question", 0.55),
            3 => Example(index, "Can you tell me who won the match last night?", "out-of-scope", "out-of-scope", 0.97),
            _ => Example(index, "路由器一直闪红灯，重启了三次都没有用。", "no-connection", "router-setup", 0.44, "zh"),
        }),
    ];

    private static IReadOnlyList<ExampleResult> TextExamples { get; } =
    [
        new ExampleResult
        {
            Id = "n-0001",
            Text = "Water off Tuesday 9 to 12 in block B, pipe repair, fill some buckets.",
            Expected = "On Tuesday from 9:00 to 12:00 the water in block B is off for a pipe repair. Please store some water in advance.",
            Got = "On Tuesday from 9:00 to 13:00 the water in block B and C is off. Please store water in advance.",
            Scores = new Dictionary<string, double>(StringComparer.Ordinal) { ["rouge-l"] = 0.71 },
        },
        new ExampleResult
        {
            Id = "n-0002",
            Text = "周二上午九点到十二点三号楼停水，修水管，请提前接水",
            Expected = "周二9:00至12:00，三号楼因维修水管停水，请提前储水。",
            Got = "周二9:00至13:00，三号楼停水，请住户提前储水。",
            Scores = new Dictionary<string, double>(StringComparer.Ordinal) { ["rouge-l"] = 0.66 },
        },
    ];

    private const string Brief = """
        app: helpdesk
        scenario: >
          Customers of an internet provider write one short message, in English or Chinese;
          the app names what they want, or says that it is out of scope.
        interaction: single-turn
        output:
          kind: label
        data:
          train: data/train.jsonl
          test: data/test.jsonl
        targets:
          - { metric: in-scope-accuracy, at-least: 0.90, confidence: 0.95 }
          - { metric: out-of-scope-recall, at-least: 0.85 }
        techniques: auto
        """;

    private static RunSummary Run(string id, string title, string? app, RunState state, double? fraction, string message, bool ended = false) => new()
    {
        Id = id,
        Kind = "landing",
        Title = title,
        App = app,
        State = state,
        Progress = new RunProgress(fraction, message),
        CreatedAt = Now.AddMinutes(-12),
        EndedAt = ended ? Now.AddMinutes(-11).AddSeconds(13) : null,
        Epoch = 1,
    };

    private static CandidateReport Candidate(string name, double accuracy, double recall, double chinese, double latency, long parameters, long bytes, double seconds) => new()
    {
        Name = name,
        Technique = name,
        Hash = name + "0123456789abcdef",
        Status = CandidateStatus.Measured,
        Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
        {
            ["accuracy"] = new(accuracy - 0.008, accuracy - 0.029, accuracy + 0.012, 812),
            ["macro-f1"] = new(accuracy - 0.015, accuracy - 0.04, accuracy + 0.01, 812),
            ["in-scope-accuracy"] = new(accuracy, accuracy - 0.02, accuracy + 0.018, 612),
            ["out-of-scope-recall"] = new(recall, recall - 0.045, recall + 0.033, 200),
            ["latency-p50-ms"] = new(latency * 0.6, latency * 0.55, latency * 0.68, 812),
            ["latency-p95-ms"] = new(latency, latency * 0.92, latency * 1.14, 812),
            ["cost-per-1k-requests-usd"] = new(0, 0, 0, 812),
        },
        Targets =
        [
            Target("in-scope-accuracy", "test", 0.90, accuracy, accuracy - 0.021, accuracy + 0.016, accuracy > 0.9 ? Verdict.Met : Verdict.Missed, 612),
            Target("out-of-scope-recall", "test", 0.85, recall, recall - 0.047, recall + 0.03, Verdict.Met, 200),
            Target("in-scope-accuracy", "language=zh", 0.90, chinese, chinese - 0.052, chinese + 0.036, chinese > 0.9 ? Verdict.Undecided : Verdict.Missed, 160),
            Target("latency-p95-ms", "test", 50, latency, latency * 0.92, latency * 1.14, Verdict.Met, 812) with { Direction = Direction.AtMost },
        ],
        Seconds = seconds,
        PeakMemoryBytes = 212_000_000,
        TrainedParameters = parameters,
        ArtifactBytes = bytes,
    };

    private static CandidateReport Skipped(string name, string reason) =>
        new() { Name = name, Technique = name, Hash = name, Status = CandidateStatus.Skipped, Reason = reason };

    private static TargetReport Target(string metric, string on, double bound, double value, double low, double high, Verdict verdict, long n) => new()
    {
        Metric = metric,
        On = on,
        Bound = bound,
        Direction = Direction.AtLeast,
        Confidence = 0.95,
        Value = value,
        Low = low,
        High = high,
        N = n,
        Verdict = verdict,
        MoreExamples = verdict == Verdict.Undecided ? 410 : null,
    };

    private static IReadOnlyList<ErrorCluster> Clusters(int of) =>
    [
        new("billing-question", "price-increase", of / 3, of, "Both labels fit most of these rows: relabel them by one written rule, or merge the two labels.", ["t-0000", "t-0005"]),
        new("refund-request", "billing-question", of / 5, of, "Add training rows of refund-request that name a payment made twice.", ["t-0002"]),
        new("no-connection", "router-setup", of / 6, of, "Add Chinese training rows of no-connection that mention lights on the router.", ["t-0004"]),
        .. Enumerable.Range(1, 4).Select(index => new ErrorCluster($"intent-{index}", "out-of-scope", 2, of, $"Add rows of intent-{index}.", [])),
    ];

    private static ExampleResult Example(int index, string text, string expected, string got, double confidence, string language = "en") => new()
    {
        Id = FormattableString.Invariant($"t-{index:0000}"),
        Text = text,
        Expected = expected,
        Got = got,
        Confidence = confidence,
        Correct = expected == got,
        Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["language"] = language },
    };

    private static JournalEntry Entry(long seq, string kind, string step, string payload) =>
        new(seq, 1, kind, step, Now.AddSeconds(seq - 130), JsonDocument.Parse(payload).RootElement);
}
