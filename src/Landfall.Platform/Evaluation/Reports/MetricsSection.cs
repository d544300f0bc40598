using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>Every metric of every measured candidate, with its interval: the targets' first, then by name.</summary>
internal static class MetricsSection
{
    public static void Write(Page page)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("metrics", texts.MetricsHeading))
        {
            if (page.Measured.Count == 0)
            {
                markup.Leaf("p", null, texts.NothingMeasured);
                return;
            }

            markup.Leaf("p", "note", texts.MetricsNote);
            List<Action> headings = [() => markup.Text(texts.Metric)];
            headings.AddRange(page.Measured.Select<CandidateReport, Action>(candidate => () => markup.Code(candidate.Name)));
            page.Table("metrics-heading", "metrics", headings, () =>
            {
                foreach (var metric in Names(page))
                {
                    WriteRow(page, metric);
                }
            });
        }
    }

    private static IEnumerable<string> Names(Page page)
    {
        var measured = page.Measured.SelectMany(c => c.Metrics.Keys).ToHashSet(StringComparer.Ordinal);
        var first = page.Targets.Select(t => t.Metric).Where(measured.Contains).Distinct(StringComparer.Ordinal).ToList();
        return first.Concat(measured.Except(first, StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static void WriteRow(Page page, string metric)
    {
        var markup = page.Markup;
        using (page.Row())
        {
            using (page.RowHeading())
            {
                markup.Leaf("span", "metric", metric);
            }

            foreach (var candidate in page.Measured)
            {
                using (page.Cell(candidate.Name, "number"))
                using (markup.Open("div"))
                {
                    if (candidate.Metrics.TryGetValue(metric, out var figure))
                    {
                        markup.Leaf("b", null, Figures.Metric(metric, figure.Value));
                        markup.Text(" ");
                        markup.Leaf("span", "interval", Figures.Interval(metric, figure.Low, figure.High));
                        markup.Text(" ");
                        markup.Leaf("span", "on", Page.Fill(page.Texts.ExamplesCount, Figures.Count(figure.N)));
                    }
                    else
                    {
                        markup.Leaf("span", "on", page.Texts.NotMeasured);
                    }
                }
            }
        }
    }
}
