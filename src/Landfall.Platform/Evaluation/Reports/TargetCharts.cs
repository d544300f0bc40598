using System.Globalization;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>
/// A chart per target: each candidate's estimate as a dot, its bounds as a whisker, the target as a line. Places are in percent
/// of the width and text is not scaled, so that the chart is as legible on a phone as on a wall.
/// </summary>
internal static class TargetCharts
{
    private const int Top = 26;
    private const int RowHeight = 46;
    private const int Bottom = 26;
    private const int NameLength = 26;

    public static void Write(Page page)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("charts", texts.ChartsHeading))
        {
            if (page.Targets.Count == 0)
            {
                markup.Leaf("p", null, texts.NothingMeasured);
                return;
            }

            markup.Leaf("p", "note", texts.ChartLegend);
            using (markup.Open("div", "charts"))
            {
                for (var i = 0; i < page.Targets.Count; i++)
                {
                    WriteFigure(page, page.Targets[i], "chart-" + (i + 1).ToString(CultureInfo.InvariantCulture));
                }
            }
        }
    }

    private static void WriteFigure(Page page, TargetKey target, string id)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        var points = page.Measured
            .Select(c => (Candidate: c, Target: c.Targets.FirstOrDefault(t => TargetKey.Of(t) == target)))
            .Where(p => p.Target is not null)
            .Select(p => (p.Candidate, Target: p.Target!))
            .ToList();
        var values = points.SelectMany(p => new[] { p.Target.Value, p.Target.Low, p.Target.High }).Append(target.Bound).ToList();
        var isRate = !Figures.HasUnit(target.Metric) && values.TrueForAll(v => v is >= 0 and <= 1);
        var axis = Axis.For(values, isRate);
        markup.Break();
        using (markup.Open("figure"))
        {
            using (markup.Open("figcaption"))
            {
                markup.Leaf("span", "metric", target.Metric);
                markup.Text(" ");
                markup.Leaf("span", "bound", target.Short);
                markup.Text(" ");
                markup.Leaf("span", "on", Page.Fill(texts.OnData, target.On) + (axis.IsLog ? " · " + texts.ChartLogScale : ""));
            }

            var height = Top + (RowHeight * points.Count) + Bottom;
            using (markup.Open("svg", "chart", ("role", "img"), ("aria-labelledby", $"{id}-title {id}-desc"), ("width", "100%"), ("height", Pixels(height))))
            {
                markup.Leaf("title", null, Page.Fill(texts.ChartTitle, target.Metric, target.On, page.Word(target.Direction), Figures.Bound(target.Metric, target.Bound)), ("id", id + "-title"));
                markup.Leaf("desc", null, Describe(page, target, points), ("id", id + "-desc"));
                WriteFrame(markup, target, axis, height);
                for (var i = 0; i < points.Count; i++)
                {
                    WritePoint(markup, points[i].Candidate, points[i].Target, axis, Top + (RowHeight * i), page.IsRelease(points[i].Candidate));
                }
            }
        }
    }

    private static string Describe(Page page, TargetKey target, List<(CandidateReport Candidate, TargetReport Target)> points)
    {
        var texts = page.Texts;
        var parts = points.Select(p => Page.Fill(
            texts.ChartPoint,
            p.Candidate.Name,
            Figures.Beside(target.Metric, p.Target.Value, target.Bound),
            Figures.Beside(target.Metric, p.Target.Low, target.Bound),
            Figures.Beside(target.Metric, p.Target.High, target.Bound),
            page.Word(p.Target.Verdict)));
        return string.Join(' ', parts.Prepend(Page.Fill(texts.ChartBound, page.Word(target.Direction), Figures.Bound(target.Metric, target.Bound))));
    }

    private static void WriteFrame(Markup markup, TargetKey target, Axis axis, int height)
    {
        var floor = height - Bottom;
        var bound = Percent(axis.Place(target.Bound));
        var (from, to) = target.Direction == Direction.AtLeast ? (axis.Place(target.Bound), 1.0) : (0.0, axis.Place(target.Bound));
        markup.Leaf("rect", "wanted", "", ("x", Percent(from)), ("y", Pixels(Top - 6)), ("width", Width(from, to)), ("height", Pixels(floor - Top + 6)));
        Line(markup, "axis", Percent(0), floor, Percent(1), floor);
        foreach (var tick in axis.Ticks)
        {
            var place = axis.Place(tick);
            Line(markup, "axis", Percent(place), floor, Percent(place), floor + 4);
            markup.Leaf("text", "tick", Figures.Exact(tick), ("x", Percent(place)), ("y", Pixels(floor + 18)), ("text-anchor", Anchor(place)));
        }

        Line(markup, "limit", bound, Top - 6, bound, Top);
        for (var row = Top; row < floor; row += RowHeight)
        {
            // Only beside the whisker: above it stand the row's name and figures.
            Line(markup, "limit", bound, row + 18, bound, row + RowHeight);
        }

        markup.Leaf("text", "limit-label", target.Short, ("x", bound), ("y", Pixels(Top - 11)), ("text-anchor", Anchor(axis.Place(target.Bound))));
    }

    private static void WritePoint(Markup markup, CandidateReport candidate, TargetReport target, Axis axis, int y, bool isRelease)
    {
        var line = y + 30;
        using (markup.Open("g", "point " + Page.Style(target.Verdict)))
        {
            markup.Leaf("text", isRelease ? "name chosen" : "name", PlainText.Clip(candidate.Name, NameLength), ("x", Percent(0)), ("y", Pixels(y + 13)));
            var figures = $"{Figures.Beside(target.Metric, target.Value, target.Bound)} {Figures.IntervalBeside(target.Metric, target.Low, target.High, target.Bound)}";
            markup.Leaf("text", "figures", figures, ("x", Percent(1)), ("y", Pixels(y + 13)), ("text-anchor", "end"));
            var (low, high) = (Percent(axis.Place(target.Low)), Percent(axis.Place(target.High)));
            Line(markup, "whisker", low, line, high, line);
            Cap(target.Low, low);
            Cap(target.High, high);
            if (double.IsFinite(target.Value))
            {
                markup.Leaf("use", null, "", ("href", "#shape-" + Page.Style(target.Verdict)), ("x", Percent(axis.Place(target.Value))), ("y", Pixels(line)));
            }
        }

        // An interval without an end runs to the edge and has no cap there.
        void Cap(double value, string place)
        {
            if (double.IsFinite(value))
            {
                Line(markup, "whisker", place, line - 5, place, line + 5);
            }
        }
    }

    private static void Line(Markup markup, string style, string x1, int y1, string x2, int y2) =>
        markup.Leaf("line", style, "", ("x1", x1), ("y1", Pixels(y1)), ("x2", x2), ("y2", Pixels(y2)));

    private static string Anchor(double place) => place switch { < 0.12 => "start", > 0.88 => "end", _ => "middle" };

    private static string Pixels(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Room for half a dot at both ends.
    private static string Percent(double place) => (2 + (96 * place)).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Width(double from, double to) => (96 * (to - from)).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
