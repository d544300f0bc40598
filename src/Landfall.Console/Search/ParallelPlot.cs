using System.Globalization;
using Landfall.Console.Formatting;
using Landfall.Protocol.Search;

namespace Landfall.Console.Search;

/// <summary>A value marked on an axis.</summary>
/// <param name="Place">0 (bottom) to 1 (top).</param>
/// <param name="Text">The value.</param>
public sealed record AxisMark(double Place, string Text);

/// <summary>A setting, or the metric.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Marks">Values to read it by, from the bottom.</param>
public sealed record ParallelAxis(string Name, IReadOnlyList<AxisMark> Marks);

/// <summary>A trial as drawn.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Places">Where it crosses each axis, 0 to 1.</param>
/// <param name="Rank">0 for the best of those drawn, 1 for the worst.</param>
/// <param name="IsBest">Whether it is the best of all that had the whole training.</param>
public sealed record ParallelLine(SearchTrial Trial, IReadOnlyList<double> Places, double Rank, bool IsBest);

/// <summary>Trials as lines across axes that stand side by side, one for each setting that varies, and last the metric.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="Lines">Measured trials, the worst first, so that better ones lie above them.</param>
/// <param name="LeftOut">Measured trials that are too many to draw: the worst.</param>
public sealed record ParallelPlot(IReadOnlyList<ParallelAxis> Axes, IReadOnlyList<ParallelLine> Lines, int LeftOut)
{
    /// <summary>More lines than this are a grey surface.</summary>
    public const int MostLines = 300;

    private const int MostMarks = 9;

    /// <summary>The plot of a search; null when no trial was measured or no setting varies.</summary>
    /// <param name="plan">What is searched.</param>
    /// <param name="trials">The trials so far.</param>
    public static ParallelPlot? Of(SearchPlan plan, IReadOnlyList<SearchTrial> trials)
    {
        var measured = Ranking.BestFirst(plan, trials).Where(trial => trial.Score is not null).ToList();
        var ranges = plan.Space.Where(range => range.Values is not { Count: 1 }).ToList();
        if (measured.Count == 0 || ranges.Count == 0)
        {
            return null;
        }

        var (low, high) = (measured.Min(trial => trial.Score!.Value), measured.Max(trial => trial.Score!.Value));
        var metric = new ParallelAxis(plan.Metric, high > low
            ? [.. Enumerable.Range(0, 5).Select(i => new AxisMark(i / 4.0, Figures.Metric(plan.Metric, low + ((high - low) * i / 4))))]
            : [new AxisMark(0.5, Figures.Metric(plan.Metric, low))]);
        var best = Ranking.Best(plan, trials);
        var lines = measured.Take(MostLines).Select((trial, i) => new ParallelLine(
            trial,
            [.. ranges.Select(range => PlaceOf(range, trial.Settings.GetValueOrDefault(range.Name, ""))), high > low ? (trial.Score!.Value - low) / (high - low) : 0.5],
            measured.Count == 1 ? 0 : (double)i / (Math.Min(measured.Count, MostLines) - 1),
            trial.Number == best?.Number));
        return new ParallelPlot([.. ranges.Select(AxisOf), metric], [.. lines.Reverse()], Math.Max(0, measured.Count - MostLines));
    }

    /// <summary>Where a value stands in its range.</summary>
    internal static double PlaceOf(SearchRange range, string value)
    {
        if (range.Values is { } values)
        {
            var index = values.ToList().IndexOf(value);
            return values.Count == 1 || index < 0 ? 0.5 : (double)index / (values.Count - 1);
        }

        double from = range.From ?? 0, to = range.To ?? 1;
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Math.Clamp(range.IsLog ? Math.Log(number / from) / Math.Log(to / from) : (number - from) / (to - from), 0, 1)
            : 0;
    }

    private static ParallelAxis AxisOf(SearchRange range)
    {
        if (range.Values is { } values)
        {
            return new ParallelAxis(range.Name, values.Count > MostMarks ? [] : [.. values.Select(value => new AxisMark(PlaceOf(range, value), value))]);
        }

        double from = range.From ?? 0, to = range.To ?? 1;
        return new ParallelAxis(range.Name, [.. new[] { 0, 0.5, 1 }
            .Select(place => range.IsLog ? from * Math.Pow(to / from, place) : from + ((to - from) * place))
            .Select(value => range.IsWhole ? Math.Round(value) : value)
            .Select(value => new AxisMark(PlaceOf(range, value.ToString("R", CultureInfo.InvariantCulture)), Short(value)))]);
    }

    private static string Short(double value) => double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("0.##########", CultureInfo.InvariantCulture);
}

/// <summary>Trials in the order of their worth.</summary>
public static class Ranking
{
    /// <summary>Those with most of the training first, of these the best, and failures last.</summary>
    /// <param name="plan">What is searched.</param>
    /// <param name="trials">The trials.</param>
    public static IEnumerable<SearchTrial> BestFirst(SearchPlan plan, IEnumerable<SearchTrial> trials) => trials
        .OrderBy(trial => trial.Score is null).ThenByDescending(trial => trial.Share)
        .ThenBy(trial => plan.HigherIsBetter ? -trial.Score?.Value : trial.Score?.Value).ThenBy(trial => trial.Number);

    /// <summary>The best that had the whole training, or null.</summary>
    /// <param name="plan">What is searched.</param>
    /// <param name="trials">The trials.</param>
    public static SearchTrial? Best(SearchPlan plan, IEnumerable<SearchTrial> trials) =>
        BestFirst(plan, trials).FirstOrDefault(trial => trial is { Score: not null, Share: 1 });

    /// <summary>Settings in a line.</summary>
    /// <param name="trial">The trial.</param>
    public static string SettingsOf(SearchTrial trial) => string.Join(", ", trial.Settings.Select(setting => $"{setting.Key}={setting.Value}"));
}
