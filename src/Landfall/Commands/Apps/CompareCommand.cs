using System.CommandLine;
using System.Globalization;
using Landfall.Protocol.Apps;

namespace Landfall.Commands.Apps;

/// <summary><c>landfall apps compare</c>: two releases, or candidates, of an app side by side.</summary>
internal static class CompareCommand
{
    private const int ShownChanges = 20;

    public static Command Create(CommandRunner runner)
    {
        var app = new Argument<string>("app") { Description = "The app" };
        var a = new Argument<string>("a") { Description = "A landing (3), a candidate of one (3/linear), a candidate of the last (linear), or live" };
        var b = new Argument<string>("b") { Description = "The other one; its test rows are compared on" };
        return runner.Handle(new Command("compare", "Compare two releases: metrics, paired tests, changed answers") { app, a, b }, async (context, arguments, cancellation) =>
        {
            var session = await context.ConnectAsync(cancellation);
            await using (session)
            {
                var comparison = await session.Client.CompareAsync(
                    arguments.GetRequiredValue(app), arguments.GetRequiredValue(a), arguments.GetRequiredValue(b), limit: ShownChanges, cancellation: cancellation);
                if (context.Json)
                {
                    context.WriteJson(comparison, json => json.ReleaseComparison);
                    return ExitCodes.Ok;
                }

                Describe(context, comparison);
                return ExitCodes.Ok;
            }
        });
    }

    private static void Describe(CommandContext context, ReleaseComparison comparison)
    {
        context.Say($"A: {Side(comparison.A)}");
        context.Say($"B: {Side(comparison.B)}");
        context.Say(string.Create(CultureInfo.InvariantCulture, $"On {comparison.Rows} of {comparison.TestRows} test rows, those that both have answered:"));
        var table = Tables.Create(context.People, "metric", "A", "B", "B - A", "p!");
        foreach (var metric in comparison.Metrics)
        {
            table.Add(
                metric.Metric,
                Interval(metric.Metric, metric.A),
                Interval(metric.Metric, metric.B),
                (metric.Difference > 0 ? "+" : "") + Figures.Value(metric.Metric, metric.Difference),
                metric.P is { } p ? p.ToString("0.####", CultureInfo.InvariantCulture) : "");
        }

        context.Show(table);
        context.Say(string.Create(CultureInfo.InvariantCulture, $"Changed answers, by {comparison.AnswersBy}: {comparison.Broken} broken, {comparison.Fixed} fixed, {comparison.Other} other."));
        foreach (var change in comparison.Changes)
        {
            context.Say($"  {change.Change.ToString().ToLowerInvariant()}: {change.Text}");
            context.Say($"    expected {change.Expected}; A: {change.A}; B: {change.B}");
        }
    }

    private static string Side(ComparedSide side) =>
        string.Create(CultureInfo.InvariantCulture, $"{side.Candidate} of landing {side.Landing}{(side.IsLive ? " (live)" : "")}");

    private static string Interval(string metric, Protocol.Reports.MetricValue value) =>
        $"{Figures.Value(metric, value.Value)} [{Figures.Value(metric, value.Low)}, {Figures.Value(metric, value.High)}]";
}
