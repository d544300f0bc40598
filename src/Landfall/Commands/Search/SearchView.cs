using System.Globalization;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Search;

namespace Landfall.Commands.Search;

/// <summary>A search in a terminal: the best trials, how much each setting matters, and what to paste into the brief.</summary>
internal static class SearchView
{
    private const int ShownTrials = 10;
    private const int BarWidth = 30;

    /// <summary>What is searched, in a line.</summary>
    public static string Describe(SearchPlan plan) =>
        $"{Figures.Count(plan.Trials)} trials by {plan.Method}, {(plan.HigherIsBetter ? "most" : "least")} {plan.Metric} on validation rows, seed {plan.Seed.ToString(CultureInfo.InvariantCulture)}: {string.Join("; ", plan.Space.Select(Describe))}";

    public static void Show(CommandContext context, SearchResult result)
    {
        context.Say();
        ShowTrials(context, result);
        ShowImportance(context, result);
        foreach (var note in result.Notes)
        {
            context.Say($"note: {note}");
        }

        if (result is not { Best: { } best, TechniqueYaml: { } yaml })
        {
            context.Complain("error: no trial had the whole training and was measured: there is nothing to recommend.");
            return;
        }

        context.Say($"Best: trial {Number(best.Number)}, {result.Plan.Metric} {Score(result.Plan, best.Score!)} on {Figures.Count(result.ValidationRows)} validation rows; {Figures.Count(result.TrainedRows)} rows trained on in {Figures.Count(result.Trials.Count)} trials.");
        context.Say("For the brief:");
        context.Say("techniques:");
        context.Say($"  {yaml}");
    }

    private static string Describe(SearchRange range) => range.Values is { } values
        ? $"{range.Name} {(values.Count == 1 ? values[0] : $"of {string.Join(", ", values)}")}"
        : $"{range.Name} {Number(range.From ?? 0)} to {Number(range.To ?? 0)}{(range.IsLog ? " (log)" : "")}{(range.IsWhole ? ", whole" : "")}";

    /// <summary>The best first: those with most of the training, then by score.</summary>
    private static void ShowTrials(CommandContext context, SearchResult result)
    {
        var table = Tables.Create(context.People, ">trial!", "settings", $"{result.Plan.Metric} [95%]!", ">training!", ">time!");
        var ordered = result.Trials.OrderByDescending(t => t.Share)
            .ThenBy(t => t.Score is null).ThenBy(t => result.Plan.HigherIsBetter ? -t.Score?.Value : t.Score?.Value).ThenBy(t => t.Number).Take(ShownTrials);
        foreach (var trial in ordered)
        {
            table.Add(
                Number(trial.Number),
                PlainText.Cell(string.Join(", ", trial.Settings.Select(s => $"{s.Key}={s.Value}")), 60),
                trial.Score is { } score ? Score(result.Plan, score) : "failed",
                Figures.Percent(trial.Share),
                Figures.Seconds(trial.Seconds));
        }

        context.Show(table);
        if (result.Trials.Count > ShownTrials)
        {
            context.Say($"The best {ShownTrials} of {Figures.Count(result.Trials.Count)} trials.");
        }
    }

    private static void ShowImportance(CommandContext context, SearchResult result)
    {
        if (result.Importance.Count == 0)
        {
            return;
        }

        var table = Tables.Create(context.People, "setting!", ">matters!", "share of variance that it explains alone");
        foreach (var importance in result.Importance)
        {
            table.Add(importance.Setting, Figures.Percent(importance.Share), new string('#', (int)Math.Round(importance.Share * BarWidth)));
        }

        context.Show(table);
    }

    private static string Score(SearchPlan plan, MetricValue score) =>
        $"{Figures.Value(plan.Metric, score.Value)} [{Figures.Value(plan.Metric, score.Low)}, {Figures.Value(plan.Metric, score.High)}]";

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
