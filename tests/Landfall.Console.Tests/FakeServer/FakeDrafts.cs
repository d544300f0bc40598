using Landfall.Protocol.Apps;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Drafts;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;

namespace Landfall.Console.Tests.FakeServer;

/// <summary>A draft, its form and plan, and an app's history.</summary>
internal static class FakeDrafts
{
    public const string Text = "app: support\nscenario: Users write one message.\ninteraction: single-turn\noutput:\n  kind: label\ndata:\n  train: data/train.jsonl\n  test: data/test.jsonl\ntargets:\n  - { metric: accuracy, at-least: 0.85 }\ntechniques: auto\n";

    public const string Schema = """{"properties":{"app":{"description":"The app's name."},"targets":{"description":"What counts as done.","items":{"properties":{"metric":{"description":"The metric's name."}}}},"output":{"properties":{"kind":{"description":"What the app answers with.","enum":["text","label"]}}}}}""";

    public static DateTimeOffset Noon { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static Draft Draft { get; } = new()
    {
        Id = "0123",
        Revision = 1,
        Text = Text,
        Files = new Dictionary<string, FileReference> { ["data/train.jsonl"] = new(FileState.Present, new string('a', 64), 10) },
        Origin = "draft:0123",
        Source = new DraftSource("support.csv", new string('b', 64), 2048),
        Assumptions = ["The answers are labels: 480 rows have only 8 different short answers.", "Target accuracy at-least 0.85: the highest bound that 96 test rows can well prove."],
        ChangedAt = Noon,
        ChangedBy = "local",
    };

    public static BriefForm Form { get; } = new()
    {
        App = "support",
        Scenario = "Users write one message.",
        Interaction = "single-turn",
        Output = "label",
        InScope = [],
        Targets = [new TargetForm("accuracy", null, Direction.AtLeast, 0.85, 0.95)],
        BudgetTime = "10m",
    };

    public static BriefChoices Choices { get; } = new(
        [new MetricChoice("accuracy", ["label"], true, false), new MetricChoice("out-of-scope-recall", ["label"], true, true), new MetricChoice("bleu", ["text"], true, false), new MetricChoice("latency-p95-ms", ["label", "text"], false, false)],
        ["nearest", "linear"],
        ["single-turn", "multi-turn"],
        ["text", "label"]);

    public static LandingPlan Plan { get; } = new("support", [new PlannedCandidate("nearest", "nearest", true, null, 0.4, 1 << 20), new PlannedCandidate("linear", "linear", true, null, 3, 1 << 24)], 600, []);

    public static DatasetPreview Preview { get; } = new()
    {
        Format = "csv",
        Encoding = "utf-8",
        Delimiter = ",",
        TextField = "text",
        ExpectedField = "label",
        OtherFields = ["channel"],
        Rows = [new DatasetRow { Id = "1", Text = "Where is my order?", Expected = "order_status", Fields = new Dictionary<string, string> { ["channel"] = "chat" } }],
    };

    public static IReadOnlyList<DraftSummary> Summaries { get; } = [new DraftSummary { Id = "0123", App = "support", FileName = "support.csv", ChangedAt = Noon, ChangedBy = "local" }];

    public static IReadOnlyList<LandingRecord> Landings { get; } = [Landing(3, isLive: false), Landing(2, isLive: true), Landing(1, isLive: false)];

    public static ReleaseComparison Comparison { get; } = new()
    {
        A = new ComparedSide(2, "linear", "linear", new string('1', 64), Noon, true),
        B = new ComparedSide(3, "linear", "linear", new string('2', 64), Noon, false),
        Rows = 90,
        TestRows = 96,
        AnswersBy = "accuracy",
        Metrics =
        [
            new ComparedMetric { Metric = "accuracy", HigherIsBetter = true, A = new(0.8, 0.7, 0.9, 90), B = new(0.9, 0.82, 0.95, 90), Difference = 0.1, P = 0.01 },
            new ComparedMetric { Metric = "latency-p95-ms", HigherIsBetter = false, A = new(1, 0.9, 1.2, 90), B = new(2, 1.8, 2.2, 90), Difference = 1 },
        ],
        Broken = 1,
        Fixed = 10,
        Other = 2,
        Total = 13,
        Changes = [new ChangedAnswer("x", AnswerChange.Broken, "Where is it?", "order_status", "order_status", "refund_request"), new ChangedAnswer("y", AnswerChange.Fixed, "No internet", "no_internet", "tv_problem", "no_internet")],
    };

    private static LandingRecord Landing(int number, bool isLive) => new()
    {
        Number = number,
        RunId = $"run-{number}",
        LandedAt = Noon,
        LandedBy = "local",
        Release = new ReleaseReport("helpdesk", "linear", "linear", new string('1', 64), true),
        IsLive = isLive,
        Candidate = "linear",
        Candidates = ["nearest", "linear"],
        TestRows = 96,
        TestVersion = new string('c', 64),
    };
}
