using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

/// <summary>Reports to write: one as a landing would give it, and one whose every text is the caller's.</summary>
internal static class Samples
{
    public const string Brief =
        """
        app: helpdesk
        scenario: Customers of an internet provider write one short message; the app names which of 34 intents it has.
        interaction: single-turn
        output:
          kind: label
        targets:
          - { metric: in-scope-accuracy, at-least: 0.90, confidence: 0.95 }
          - { metric: out-of-scope-recall, at-least: 0.84, confidence: 0.95 }
          - { metric: accuracy, on: language=zh, at-least: 0.80, confidence: 0.95 }
          - { metric: latency-p95-ms, at-most: 200, confidence: 0.95 }
        """;

    public static Report Released() => new()
    {
        App = "helpdesk",
        Scenario = "Customers of an internet provider write one short message; the app names which of 34 intents it has, or says that it is not for it.",
        Candidates = [Nearest(), Linear(), LinearLarge(), Skipped()],
        Comparisons =
        [
            new("nearest", "linear", "in-scope-accuracy", -0.0683, 0.0004),
            new("nearest", "linear features=2^20", "in-scope-accuracy", -0.07, 0.0004),
            new("linear", "linear features=2^20", "in-scope-accuracy", -0.0017, 0.62),
        ],
        Release = new("helpdesk", "linear", "linear", LinearHash, MeetsTargets: true),
        Data = new() { TrainRows = 1874, ValidationRows = 208, TestRows = 800, DroppedTestCopies = 12, DroppedDuplicates = 31, EarlierLooks = 2, TestVersion = LinearHash },
        Warnings = ["12 train rows are copies of test rows (normalised) and were dropped from train.", "2 earlier looks at these test rows make the bounds wider."],
    };

    public static Report Unreleased() => Released() with
    {
        Release = null,
        Candidates = [Nearest(), Skipped(), Skipped() with { Name = "broken", Technique = "broken", Status = CandidateStatus.Failed, Reason = "train: the artifact could not be written: no space left on the device" }],
        Comparisons = [],
        Obstacle = new("in-scope-accuracy", "test", 0.9, Direction.AtLeast, "nearest", 0.8617, Verdict.Missed, "31 of 83 errors expect `billing-question` and get `refund-request`: relabel these rows or add rows that tell the two apart."),
    };

    public static IReadOnlyDictionary<string, IReadOnlyList<ExampleResult>> Wrong() => new Dictionary<string, IReadOnlyList<ExampleResult>>
    {
        ["linear"] =
        [
            Example("t-17", "why was i charged twice for march??", "billing-question", "refund-request", 0.58),
            Example("t-203", "The April invoice is 12 euros higher than what we agreed on the phone.", "billing-question", "refund-request", 0.51),
            Example("t-411", "这个月的账单怎么多扣了二十块钱？", "billing-question", "refund-request", 0.47),
            Example("t-588", "فاتورتي مرتفعة جدا هذا الشهر", "outage-report", "slow-connection", 0.31),
            Example("t-590", "<b>no light</b> on the box since the storm", "outage-report", "router-setup", 0.4),
        ],
        ["nearest"] = [Example("t-3", "can I pay in two parts", "payment-plan", "billing-question", 0.71)],
    };

    /// <summary>A report in which every text that a person could have written is the given one, and its examples.</summary>
    public static (Report Report, IReadOnlyDictionary<string, IReadOnlyList<ExampleResult>> Wrong) Filled(string text)
    {
        var target = Target("accuracy", text, 0.9, Direction.AtLeast, 0.91, 0.88, 0.93, Verdict.Undecided, 400) with { Metric = text };
        var candidate = new CandidateReport
        {
            Name = text,
            Technique = text,
            Hash = text,
            Status = CandidateStatus.Measured,
            Settings = new Dictionary<string, string> { [text] = text },
            Metrics = new Dictionary<string, MetricValue> { [text] = new(0.91, 0.88, 0.93, 600) },
            Targets = [target],
            Errors = [new(text, text, 3, 5, text, ["1"])],
            Notes = [text],
        };
        var failed = new CandidateReport { Name = "failed", Technique = text, Hash = "f", Status = CandidateStatus.Failed, Reason = text };
        var report = new Report
        {
            App = text,
            Scenario = text,
            Candidates = [failed, failed with { Name = "skipped", Status = CandidateStatus.Skipped }, candidate],
            Comparisons = [new(text, text, text, 0.1, 0.01)],
            Release = new(text, text, text, text, MeetsTargets: true),
            Obstacle = new(text, text, 0.9, Direction.AtLeast, text, 0.91, Verdict.Undecided, text),
            Data = new() { TrainRows = 1, ValidationRows = 1, TestRows = 1, TestVersion = text },
            Warnings = [text],
        };
        var examples = new Dictionary<string, IReadOnlyList<ExampleResult>> { [text] = [Example("1", text, text + "a", text, 0.5), Example("2", text, text, text, null)] };
        return (report, examples);
    }

    public static TargetReport Target(string metric, string on, double bound, Direction direction, double value, double low, double high, Verdict verdict, long? more = null, long n = 600) => new()
    {
        Metric = metric,
        On = on,
        Bound = bound,
        Direction = direction,
        Confidence = 0.95,
        Value = value,
        Low = low,
        High = high,
        N = n,
        Verdict = verdict,
        MoreExamples = more,
    };

    private const string LinearHash = "9f2c4be1d0a94d6e8b1f3a77c5e2904411d2a6b8e90c7f35aa10bd42e6f8c913";

    private static CandidateReport Nearest() => new()
    {
        Name = "nearest",
        Technique = "nearest",
        Hash = "1b6d3e70aa",
        Status = CandidateStatus.Measured,
        Metrics = Metrics(0.8617, 0.71, 0.8, 1.9),
        Targets = Targets((0.8617, 0.8321, 0.8871, Verdict.Missed), (0.71, 0.6351, 0.7769, Verdict.Missed), (0.8, 0.71, 0.87, Verdict.Undecided), (1.9, 1.71, 2.2, Verdict.Met)),
        Errors = [new("payment-plan", "billing-question", 9, 83, "9 of 83 errors confuse `payment-plan` with `billing-question`: add rows that tell the two apart.", ["t-3"])],
        Seconds = 0.84,
        PeakMemoryBytes = 141_000_000,
        ArtifactBytes = 812_345,
        Notes = ["Out of scope below a similarity of 0.31, chosen on 208 validation rows."],
    };

    private static CandidateReport Linear() => new()
    {
        Name = "linear",
        Technique = "linear",
        Hash = LinearHash,
        Status = CandidateStatus.Measured,
        Metrics = Metrics(0.93, 0.905, 0.89, 0.8),
        Targets = Targets((0.93, 0.9087, 0.9477, Verdict.Met), (0.905, 0.853, 0.943, Verdict.Met), (0.89, 0.812, 0.943, Verdict.Met), (0.8, 0.71, 1.1, Verdict.Met)),
        Errors =
        [
            new("billing-question", "refund-request", 14, 61, "14 of 61 errors confuse `billing-question` with `refund-request`: relabel these rows or add rows that tell the two apart.", ["t-17", "t-203", "t-411"]),
            new("outage-report", "slow-connection", 8, 61, "8 of 61 errors confuse `outage-report` with `slow-connection`: add rows for `outage-report` (it has 22).", ["t-588"]),
        ],
        Seconds = 6.2,
        PeakMemoryBytes = 233_000_000,
        TrainedParameters = 1_114_112,
        ArtifactBytes = 4_456_448,
        Notes = ["Threshold 0.42 on the probability, chosen on 208 validation rows."],
    };

    private static CandidateReport LinearLarge() => Linear() with
    {
        Name = "linear features=2^20",
        Hash = "77aa",
        Settings = new Dictionary<string, string> { ["features"] = "1048576", ["epochs"] = "20" },
        Targets = Targets((0.9317, 0.9105, 0.9492, Verdict.Met), (0.88, 0.8342, 0.9231, Verdict.Undecided), (0.88, 0.799, 0.935, Verdict.Undecided), (1.3, 1.1, 1.9, Verdict.Met)),
        Seconds = 121.4,
        CostUsd = 0.0123m,
        Errors = [],
    };

    private static CandidateReport Skipped() => new()
    {
        Name = "prefix",
        Technique = "prefix",
        Hash = "c0de",
        Status = CandidateStatus.Skipped,
        Reason = "the budget: predicted 14 min, 9 min 40 s left; raise it with --budget 20m",
    };

    private static Dictionary<string, MetricValue> Metrics(double inScope, double recall, double chinese, double latency) => new()
    {
        ["accuracy"] = new((inScope * 0.75) + (recall * 0.25), inScope - 0.03, inScope + 0.02, 800),
        ["in-scope-accuracy"] = new(inScope, inScope - 0.022, inScope + 0.019, 600),
        ["out-of-scope-recall"] = new(recall, recall - 0.05, recall + 0.04, 200),
        ["out-of-scope-precision"] = new(chinese, chinese - 0.05, chinese + 0.04, 190),
        ["latency-p95-ms"] = new(latency, latency * 0.9, latency * 1.2, 800),
        ["cost-per-1k-requests-usd"] = new(0, 0, 0, 800),
    };

    private static IReadOnlyList<TargetReport> Targets(params ReadOnlySpan<(double Value, double Low, double High, Verdict Verdict)> standing) =>
    [
        Target("in-scope-accuracy", "test", 0.9, Direction.AtLeast, standing[0].Value, standing[0].Low, standing[0].High, standing[0].Verdict),
        Target("out-of-scope-recall", "test", 0.84, Direction.AtLeast, standing[1].Value, standing[1].Low, standing[1].High, standing[1].Verdict, standing[1].Verdict == Verdict.Undecided ? 340 : null, 200),
        Target("accuracy", "language=zh", 0.8, Direction.AtLeast, standing[2].Value, standing[2].Low, standing[2].High, standing[2].Verdict, null, 120),
        Target("latency-p95-ms", "test", 200, Direction.AtMost, standing[3].Value, standing[3].Low, standing[3].High, standing[3].Verdict, null, 800),
    ];

    private static ExampleResult Example(string id, string text, string expected, string got, double? confidence) =>
        new() { Id = id, Text = text, Expected = expected, Got = got, Confidence = confidence, Correct = false };
}
