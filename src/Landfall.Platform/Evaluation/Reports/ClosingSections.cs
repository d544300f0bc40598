using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>What the figures rest on: the data, the warnings, the brief, and how to read the page.</summary>
internal static class ClosingSections
{
    public static void Write(Page page, string briefText)
    {
        WriteData(page, page.Report.Data);
        WriteWarnings(page);
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("brief", texts.BriefHeading))
        using (markup.Open("pre", null, ("tabindex", "0"), ("role", "region"), ("aria-labelledby", "brief-heading")))
        {
            markup.Leaf("code", null, briefText);
        }

        using (page.Section("how-to", texts.HowToHeading))
        {
            markup.Leaf("p", null, texts.HowToIntervals);
            markup.Leaf("p", null, texts.HowToVerdicts);
        }
    }

    private static void WriteData(Page page, ReportData data)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("data", texts.DataHeading))
        using (markup.Open("dl", "counts"))
        {
            Count(texts.TrainRows, data.TrainRows);
            Count(texts.ValidationRows, data.ValidationRows);
            Count(texts.TestRows, data.TestRows);
            Count(texts.DroppedTestCopies, data.DroppedTestCopies);
            Count(texts.DroppedDuplicates, data.DroppedDuplicates);
            Count(texts.UnseenLabelRows, data.UnseenLabelRows);
            Count(texts.EarlierLooks, data.EarlierLooks);
            using (markup.Open("div", "wide"))
            {
                markup.Leaf("dt", null, texts.TestVersion);
                using (markup.Open("dd"))
                {
                    page.Data(data.TestVersion);
                }
            }
        }

        void Count(string name, long count)
        {
            using (markup.Open("div"))
            {
                markup.Leaf("dt", null, name);
                markup.Leaf("dd", null, Figures.Count(count));
            }
        }
    }

    private static void WriteWarnings(Page page)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("warnings", texts.WarningsHeading))
        {
            if (page.Report.Warnings.Count == 0)
            {
                markup.Leaf("p", null, texts.NoWarnings);
                return;
            }

            using (markup.Open("ul", "warnings"))
            {
                foreach (var warning in page.Report.Warnings)
                {
                    markup.Prose("li", null, warning);
                }
            }
        }
    }
}
