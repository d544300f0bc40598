namespace Landfall.Platform.Evaluation.Reports;

/// <summary>The paired tests between candidates.</summary>
internal static class ComparisonsSection
{
    private const double Significant = 0.05;

    public static void Write(Page page)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("comparisons", texts.ComparisonsHeading))
        {
            if (page.Report.Comparisons.Count == 0)
            {
                markup.Leaf("p", null, texts.NoComparisons);
                return;
            }

            markup.Leaf("p", "note", texts.ComparisonsNote);
            string[] names = [texts.FirstCandidate, texts.SecondCandidate, texts.Metric, texts.Difference, texts.PValue, texts.Reading];
            page.Table("comparisons-heading", "comparisons", [.. names.Select<string, Action>(name => () => markup.Text(name))], () =>
            {
                foreach (var comparison in page.Report.Comparisons)
                {
                    using (page.Row())
                    {
                        using (page.RowHeading())
                        {
                            markup.Code(comparison.A);
                        }

                        using (page.Cell(texts.SecondCandidate))
                        {
                            markup.Code(comparison.B);
                        }

                        page.Cell(texts.Metric, "metric", comparison.Metric);
                        page.Cell(texts.Difference, "number", Figures.Difference(comparison.Metric, comparison.Difference));
                        page.Cell(texts.PValue, "number", Figures.P(comparison.P));
                        page.Cell(texts.Reading, comparison.P < Significant ? "differs" : "chance", comparison.P < Significant ? texts.Differs : texts.MayBeChance);
                    }
                }
            });
        }
    }
}
