using System.Xml;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>Writes <c>report.html</c>: one file that needs nothing else, for any browser, light and dark, on paper, and on a phone.</summary>
public static class HtmlReport
{
    private static readonly XmlWriterSettings Settings = new()
    {
        OmitXmlDeclaration = true,
        NewLineHandling = NewLineHandling.None,
        CloseOutput = false,
    };

    /// <summary>Writes the page.</summary>
    /// <param name="report">The report.</param>
    /// <param name="briefText">The brief as it was landed.</param>
    /// <param name="wrongExamples">By candidate name: the test examples it got wrong, in the order of the test set; the page shows some of them.</param>
    /// <param name="texts">The page's language.</param>
    /// <param name="writer">Where to; to be encoded as UTF-8.</param>
    public static void Write(
        Report report,
        string briefText,
        IReadOnlyDictionary<string, IReadOnlyList<ExampleResult>> wrongExamples,
        ReportTexts texts,
        TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(briefText);
        ArgumentNullException.ThrowIfNull(wrongExamples);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("<!DOCTYPE html>\n");
        using (var xml = XmlWriter.Create(writer, Settings))
        {
            var markup = new Markup(xml);
            WritePage(new Page(report, texts, markup), briefText, wrongExamples);
        }

        writer.Write('\n');
    }

    private static void WritePage(Page page, string briefText, IReadOnlyDictionary<string, IReadOnlyList<ExampleResult>> wrongExamples)
    {
        var markup = page.Markup;
        using (markup.Open("html", null, ("lang", page.Texts.Language)))
        {
            WriteHead(page);
            using (markup.Open("body"))
            {
                markup.Break();
                WriteShapes(markup);
                WriteHeader(page);
                using (markup.Open("main"))
                {
                    DecisionSection.Write(page);
                    LadderSection.Write(page);
                    TargetCharts.Write(page);
                    MetricsSection.Write(page);
                    JudgesSection.Write(page);
                    ComparisonsSection.Write(page);
                    ErrorsSection.Write(page, wrongExamples);
                    ClosingSections.Write(page, briefText);
                }
            }
        }
    }

    private static void WriteHead(Page page)
    {
        var markup = page.Markup;
        using (markup.Open("head"))
        {
            markup.Break();
            markup.Void("meta", ("charset", "utf-8"));

            // A second wall behind the escaping: nothing can be fetched, run or sent from the page.
            markup.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"));
            markup.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
            markup.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
            markup.Leaf("title", null, Page.Fill(page.Texts.PageTitle, page.Report.App));
            using (markup.Open("style"))
            {
                markup.Own(ReportStyle.Css);
            }
        }
    }

    /// <summary>The shapes that stand for verdicts, in words' company and in charts; drawn about the origin.</summary>
    private static void WriteShapes(Markup markup)
    {
        using (markup.Open("svg", "shapes", ("aria-hidden", "true"), ("width", "0"), ("height", "0")))
        using (markup.Open("defs"))
        {
            Shape("shape-met", "M-6 0A6 6 0 1 1 6 0A6 6 0 1 1 -6 0Z", "M-2.8 0.2L-0.8 2.3L2.9 -2");
            Shape("shape-missed", "M-6 0A6 6 0 1 1 6 0A6 6 0 1 1 -6 0Z", "M-2.3 -2.3L2.3 2.3M2.3 -2.3L-2.3 2.3");
            Shape("shape-undecided", "M-5.2 0A5.2 5.2 0 1 1 5.2 0A5.2 5.2 0 1 1 -5.2 0Z", "M-2.4 0L2.4 0");
        }

        void Shape(string id, string body, string sign)
        {
            using (markup.Open("g", null, ("id", id)))
            {
                markup.Leaf("path", "body", "", ("d", body));
                markup.Leaf("path", "sign", "", ("d", sign));
            }
        }
    }

    private static void WriteHeader(Page page)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (markup.Open("header", "top"))
        {
            using (markup.Open("p", "kicker"))
            {
                markup.Leaf("span", "brand", "Landfall");
                markup.Text(" ");
                markup.Leaf("span", null, texts.LandingReport);
            }

            markup.Leaf("h1", null, page.Report.App, ("dir", "auto"));
            markup.Leaf("p", "scenario", page.Report.Scenario, ("dir", "auto"));
            using (markup.Open("nav", null, ("aria-label", texts.OnThisPage)))
            using (markup.Open("ul"))
            {
                Link("release", texts.ReleaseHeading);
                Link("ladder", texts.LadderHeading);
                Link("charts", texts.ChartsHeading);
                Link("metrics", texts.MetricsHeading);
                if (page.Report.Judges.Count > 0)
                {
                    Link("judges", texts.JudgesHeading);
                }

                Link("comparisons", texts.ComparisonsHeading);
                Link("errors", texts.ErrorsHeading);
                Link("data", texts.DataHeading);
                Link("warnings", texts.WarningsHeading);
                Link("brief", texts.BriefHeading);
                Link("how-to", texts.HowToHeading);
            }
        }

        void Link(string id, string text)
        {
            using (markup.Open("li"))
            {
                markup.Leaf("a", null, text, ("href", "#" + id));
            }
        }
    }
}
