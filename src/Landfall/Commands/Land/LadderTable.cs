using Landfall.Protocol.Landings;
using Landfall.Protocol.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Landfall.Commands.Land;

/// <summary>The ladder: what each candidate reached, and what it took.</summary>
internal static class LadderTable
{
    /// <summary>From this width on one table holds all; below, targets and costs have one each.</summary>
    private const int WideColumns = 132;

    public static IRenderable Create(IAnsiConsole console, IReadOnlyList<CandidateReport> candidates)
    {
        if (console.Profile.Width >= WideColumns)
        {
            return Wide(console, candidates);
        }

        return new Rows(Targets(console, candidates), Costs(console, candidates));
    }

    /// <summary>A candidate in one line, for displays that cannot redraw.</summary>
    public static string Line(CandidateReport candidate)
    {
        if (candidate.Status != CandidateStatus.Measured)
        {
            return $"{candidate.Name}: {Outcome(candidate)}";
        }

        var targets = candidate.Targets.Select(t => $"{Figures.Target(t)}: {Figures.WithBounds(t)} {Verdict(t)}");
        return $"{candidate.Name}: {string.Join("; ", targets)} ({string.Join(", ", CostCells(candidate).Take(3))}, {Figures.Count(candidate.TrainedParameters)} parameters trained)";
    }

    /// <summary>A line for each candidate, for a display that is redrawn while the others still work.</summary>
    public static IRenderable Compact(IAnsiConsole console, IReadOnlyList<CandidateReport> candidates)
    {
        var table = Tables.Create(console, "candidate", "first target", "targets", ">time!");
        foreach (var candidate in candidates)
        {
            var first = candidate.Targets.Count == 0 ? "" : $"{candidate.Targets[0].Metric} {Figures.WithBounds(candidate.Targets[0])}";
            var standing = candidate.Targets.Count == 0 ? Outcome(candidate) : Figures.Standing(candidate.Targets);
            table.Add(PlainText.Cell(candidate.Name), first, PlainText.Cell(standing, 60), Figures.Seconds(candidate.Seconds));
        }

        return table;
    }

    public static IRenderable Plan(IAnsiConsole console, LandingPlan plan)
    {
        var table = Tables.Create(console, "candidate!", "would run!", ">time!", ">memory!", "why");
        foreach (var step in plan.Steps)
        {
            table.Add(step.Name, step.Runs ? "yes" : "no", Figures.Seconds(step.Seconds), Figures.Bytes(step.MemoryBytes), step.Reason ?? "");
        }

        return table;
    }

    private static Table Targets(IAnsiConsole console, IReadOnlyList<CandidateReport> candidates)
    {
        var table = Tables.Create(console, "candidate", "target", "value [bounds]!", "verdict!");
        foreach (var candidate in candidates)
        {
            AddRows(table, candidate, costs: null);
        }

        return table;
    }

    private static Table Costs(IAnsiConsole console, IReadOnlyList<CandidateReport> candidates)
    {
        var table = Tables.Create(console, "candidate", ">time!", ">memory!", ">money!", ">trained!", ">size!");
        foreach (var candidate in candidates.Where(c => c.Status == CandidateStatus.Measured))
        {
            table.Add([candidate.Name, .. CostCells(candidate)]);
        }

        return table;
    }

    private static Table Wide(IAnsiConsole console, IReadOnlyList<CandidateReport> candidates)
    {
        var table = Tables.Create(console, "candidate!", "target", "value [bounds]!", "verdict!", ">time!", ">memory!", ">money!", ">trained!", ">size!");
        foreach (var candidate in candidates)
        {
            AddRows(table, candidate, CostCells(candidate));
        }

        return table;
    }

    private static void AddRows(Table table, CandidateReport candidate, string[]? costs)
    {
        if (candidate.Status != CandidateStatus.Measured || candidate.Targets.Count == 0)
        {
            AddRow(table, new Text(candidate.Name), new Text(PlainText.Cell(Outcome(candidate))), new Text(""), new Text(""), costs is null ? [] : ["", "", "", "", ""]);
            return;
        }

        for (var i = 0; i < candidate.Targets.Count; i++)
        {
            var target = candidate.Targets[i];
            string[] rest = costs is null ? [] : i == 0 ? costs : ["", "", "", "", ""];
            AddRow(
                table,
                new Text(i == 0 ? PlainText.Cell(candidate.Name) : ""),
                new Text(PlainText.Cell(Figures.Target(target))),
                new Text(Figures.WithBounds(target)),
                new Text(Verdict(target, "\n"), Style(target.Verdict)),
                rest);
        }
    }

    private static void AddRow(Table table, Text name, Text target, Text value, Text verdict, string[] rest) =>
        table.AddRow([name, target, value, verdict, .. rest.Select(cell => new Text(cell))]);

    private static string[] CostCells(CandidateReport candidate) =>
    [
        Figures.Seconds(candidate.Seconds),
        Figures.Bytes(candidate.PeakMemoryBytes),
        Figures.Money(candidate.CostUsd),
        Figures.Count(candidate.TrainedParameters),
        Figures.Bytes(candidate.ArtifactBytes),
    ];

    private static string Outcome(CandidateReport candidate)
    {
        var status = candidate.Status switch
        {
            CandidateStatus.Skipped => "skipped",
            CandidateStatus.Failed => "failed",
            _ => "measured",
        };
        return candidate.Reason is null ? status : $"{status}: {candidate.Reason}";
    }

    /// <summary>The word; with undecided, also about how many more rows would decide.</summary>
    private static string Verdict(TargetReport target, string separator = " ") => target is { Verdict: Protocol.Reports.Verdict.Undecided, MoreExamples: { } more }
        ? $"undecided{separator}(+{Figures.Count(more)} rows)"
        : Figures.Verdict(target.Verdict);

    private static Style Style(Verdict verdict) => verdict switch
    {
        Protocol.Reports.Verdict.Met => new Style(Color.Green),
        Protocol.Reports.Verdict.Missed => new Style(Color.Red),
        _ => new Style(Color.Yellow),
    };
}
