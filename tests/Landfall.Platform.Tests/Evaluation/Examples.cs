using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;
using Landfall.Platform.Evaluation;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation;

/// <summary>Rows, observations and briefs for tests.</summary>
internal static class Examples
{
    public static readonly MetricContext Text = new(OutputKind.Text);

    public static readonly MetricContext Label = new(OutputKind.Label, "oos", "Sorry, I cannot help with that.");

    public static Row Row(string expected, string id = "r", params (string Field, string Value)[] fields) =>
        new(id, "message", expected, fields.ToDictionary(f => f.Field, f => f.Value));

    public static Observation Observation(string expected, string got, string id = "r", double latency = 1, long tokens = 0, decimal cost = 0) =>
        new(Row(expected, id), got, Confidence: null, latency, tokens, cost);

    public static double Value(string metric, MetricContext context, params (string Expected, string Got)[] answers)
    {
        var found = MetricRegistry.BuiltIn.Get(metric);
        return Estimator.Estimate(found, answers.Select(a => found.Score(Observation(a.Expected, a.Got), context))).Value;
    }

    /// <summary>Rows with a score of one number each.</summary>
    public static ScoredRow[] Scored(IEnumerable<double> scores) =>
        [.. scores.Select((score, i) => new ScoredRow(Row("x", $"row-{i}"), [score]))];

    public static ScoredRow[] Scored(int right, int n) => Scored(Enumerable.Range(0, n).Select(i => i < right ? 1.0 : 0.0));

    public static Target AtLeast(string metric, double bound, double confidence = 0.95, Slice? on = null) =>
        new(metric, bound, Direction.AtLeast, confidence, on);

    public static Target AtMost(string metric, double bound, double confidence = 0.95, Slice? on = null) =>
        new(metric, bound, Direction.AtMost, confidence, on);

    public static Brief Brief(OutputKind output, params Target[] targets) => new()
    {
        App = "app",
        Scenario = "A scenario.",
        Interaction = Interaction.SingleTurn,
        Output = output,
        Data = new BriefData("train.jsonl", null, "test.jsonl", null),
        Targets = targets,
        Budget = Budget.Default,
        Scope = new Scope([], new OutOfScope("oos", null, [])),
    };
}
