using System.Xml.Linq;
using CsCheck;
using Landfall.Platform.Evaluation.Reports;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

public sealed class HtmlReportTests
{
    private static readonly string[] Sections = ["release", "ladder", "charts", "metrics", "comparisons", "errors", "data", "warnings", "brief", "how-to"];

    public static TheoryData<string, string> Pages => new(
        from language in new[] { "en", "zh-Hans" }
        from report in new[] { "released", "unreleased", "unproven", "empty", "infinite" }
        select (language, report));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Write_EveryKindOfReport_HasAllSectionsTheDecisionFirst(string language, string report)
    {
        var page = PageReading.Read(PageReading.Write(Named(report), ReportTexts.For(language)));

        Assert.Equal(language, page.Root!.Attribute("lang")!.Value);
        Assert.Equal(Sections, page.Descendants("section").Select(s => s.Attribute("id")!.Value));
        Assert.All(page.Descendants("section"), s => Assert.False(string.IsNullOrWhiteSpace(s.Element("h2")!.Value)));
        Assert.Single(page.Descendants("h1"));
    }

    [Theory]
    [InlineData("en", "Judges")]
    [InlineData("zh-Hans", "评审")]
    public void Write_ReportWithJudges_SaysHowFarTheyCanBeTrusted(string language, string heading)
    {
        var judged = Samples.Released() with
        {
            Judges =
            [
                new JudgeReport
                {
                    Name = "helpful", Key = "1", Scale = "pass-fail", Endpoints = ["one", "two"], Votes = 3, Judged = 400, Unjudged = 7, CalibrationRows = 200,
                    Sensitivity = new MetricValue(0.91, 0.85, 0.95, 120), Specificity = new MetricValue(0.8, 0.7, 0.87, 80),
                    AgreementWithHumans = new AgreementReport("cohen-kappa", 0.713, 0.6, 0.81, 200, WhyUndefined: null),
                    AgreementAmongJudges = new AgreementReport("krippendorff-alpha-nominal", Value: null, Low: null, High: null, 0, "Undefined: nothing is labelled yet."),
                    Warning = "Beware of it.",
                },
            ],
        };
        var section = PageReading.Read(PageReading.Write(judged, ReportTexts.For(language))).Descendants("section").Single(s => s.Attribute("id")!.Value == "judges");
        Assert.Equal(heading, section.Element("h2")!.Value);
        Assert.All(new[] { "helpful", "one, two x 3", "0.910 [0.850, 0.950]", "0.713 [0.600, 0.810]", "nothing is labelled yet", "Beware of it." }, text => Assert.Contains(text, section.Value, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Write_EveryKindOfReport_NeedsNothingFromOutside(string language, string report)
    {
        var text = PageReading.Write(Named(report), ReportTexts.For(language));
        var page = PageReading.Read(text);

        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "base" or "form");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "src" or "srcset" or "action" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(page.Descendants().Attributes("href"), a => Assert.StartsWith("#", a.Value));
        Assert.DoesNotContain("://", text);
        var css = page.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", css);
        Assert.DoesNotContain("@import", css);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Write_EveryKindOfReport_NamesResolveAndAreUnique(string language, string report)
    {
        var page = PageReading.Read(PageReading.Write(Named(report), ReportTexts.For(language)));
        var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants().Attributes("href"), a => Assert.Contains(a.Value[1..], ids));
        Assert.All(page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')), id => Assert.Contains(id, ids));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Write_EveryKindOfReport_IsReadAlikeByHtmlAndXml(string language, string report)
    {
        var text = PageReading.Write(Named(report), ReportTexts.For(language));
        var page = PageReading.Read(text);

        Assert.StartsWith("<!DOCTYPE html>\n<html", text);
        Assert.DoesNotMatch("[<&]", ReportStyle.Css);

        // A parser of HTML would end a paragraph at a block, and would not end an element at "/>".
        string[] blocks = ["p", "div", "ul", "ol", "dl", "table", "section", "article", "figure", "h1", "h2", "h3", "h4", "pre", "details"];
        Assert.DoesNotContain(page.Descendants().Where(e => e.Name.LocalName is "p" or "h1" or "h2" or "h3" or "h4" or "span" or "code").SelectMany(e => e.Descendants()), e => blocks.Contains(e.Name.LocalName));
        Assert.Equal(System.Text.RegularExpressions.Regex.Count(text, "/>"), page.Descendants("meta").Count());
    }

    [Fact]
    public void Write_AnyText_CannotChangeTheStructure()
    {
        var expected = PageReading.Structure(Page("x"));

        // Backticks set names in sentences as code; that is the one thing that text may do.
        PageReading.Hostile.Select(s => "x" + s.Replace('`', '_')).Sample(
            text =>
            {
                var page = Page(text);
                Assert.Equal(expected, PageReading.Structure(page));
                Assert.Equal(PlainText.Clean(text), page.Descendants("h1").Single().Value);
                Assert.Contains(page.WithClass("said"), e => e.Value == PlainText.Clean(text));
            },
            iter: 400);

        static XDocument Page(string text)
        {
            var (report, wrong) = Samples.Filled(text);
            return PageReading.Read(PageReading.Write(report, brief: text, wrong: wrong));
        }
    }

    [Theory]
    [InlineData("`<script>alert(1)</script>`")]
    [InlineData("`a` `</code><svg onload=alert(1)>`")]
    [InlineData("<svg/onload=alert`1`>")]
    public void Write_HostileTextBetweenBackticks_StaysText(string text)
    {
        var (report, wrong) = Samples.Filled(text);
        var page = PageReading.Read(PageReading.Write(report, brief: text, wrong: wrong));

        Assert.Empty(page.Descendants("script"));
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains(page.WithClass("said"), e => e.Value == text);
    }

    [Fact]
    public void Write_Twice_IsTheSame() => Assert.Equal(PageReading.Write(Samples.Released()), PageReading.Write(Samples.Released()));

    [Fact]
    public void Write_OtherOrderOfDictionaries_IsTheSame()
    {
        var report = Samples.Released();
        var turned = report with
        {
            Candidates = [.. report.Candidates.Select(c => c with { Metrics = Turn(c.Metrics), Settings = Turn(c.Settings) })],
        };

        Assert.Equal(PageReading.Write(report), PageReading.Write(turned));

        static Dictionary<string, T> Turn<T>(IReadOnlyDictionary<string, T> entries) => entries.Reverse().ToDictionary();
    }

    [Fact]
    public void Write_Released_SaysWhichAndWhyNotACheaperOne()
    {
        var decision = PageReading.Read(PageReading.Write(Samples.Released())).ById("release");

        Assert.Equal("linear is released", decision.WithClass("headline").Single().Value);
        Assert.Equal(4, decision.WithClass("standing").Single().Elements("li").Count());
        Assert.StartsWith("nearest does not meet: in-scope-accuracy 0.862 missed", Assert.Single(decision.WithClass("cheaper").Single().Elements("li")).Value);
    }

    [Fact]
    public void Write_NothingReleased_NamesTheObstacleAndTheNextAction()
    {
        var decision = PageReading.Read(PageReading.Write(Samples.Unreleased())).ById("release");

        Assert.Equal("Nothing is released", decision.WithClass("headline").Single().Value);
        Assert.Contains("in-scope-accuracy on test must be at least 0.9. nearest came nearest with 0.862: missed.", decision.Value);
        Assert.Contains("billing-question", decision.WithClass("action").Single().Value);
    }

    [Fact]
    public void Write_Ladder_HasARowPerCandidateAndACellPerTarget()
    {
        var report = Samples.Released();
        var rows = PageReading.Read(PageReading.Write(report)).ById("ladder").Descendants("tbody").Single().Elements("tr").ToList();

        Assert.Equal(report.Candidates.Select(c => c.Name), rows.Select(r => r.Element("th")!.Element("code")!.Value));
        Assert.All(rows.Take(3), r => Assert.Equal(4, r.WithClass("target").Count()));
        Assert.Equal("chosen", rows[1].Attribute("class")!.Value);
        Assert.Contains("about 340 more examples would decide", rows[2].Value);
        Assert.Contains("raise it with --budget 20m", rows[3].WithClass("reason").Single().Value);
    }

    [Fact]
    public void Write_Charts_OnePerTargetEachDescribedInWords()
    {
        var charts = PageReading.Read(PageReading.Write(Samples.Released())).WithClass("chart").ToList();

        Assert.Equal(4, charts.Count);
        Assert.All(charts, c => Assert.Equal(3, c.WithClass("point").Count()));
        Assert.Equal("in-scope-accuracy on test, at least 0.9", charts[0].Element("title")!.Value);
        Assert.Contains("nearest: 0.862, between 0.832 and 0.887, missed.", charts[0].Element("desc")!.Value);
    }

    [Fact]
    public void Write_ErrorGroups_ShowTheTextsOfTheirRows()
    {
        var page = PageReading.Read(PageReading.Write(Samples.Released()));
        var cluster = page.WithClass("cluster").First();

        Assert.Equal("expected billing-question, got refund-request", cluster.Element("h4")!.Value);
        Assert.Equal(3, cluster.WithClass("said").Count());
        Assert.Contains(page.ById("errors").Descendants("summary"), s => s.Value == "Other errors: 1");
    }

    [Fact]
    public void Write_Chinese_HasNoEnglishHeadings()
    {
        var page = PageReading.Read(PageReading.Write(Samples.Released(), ReportTexts.Chinese));

        Assert.All(page.Descendants("h2"), h => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", h.Value));
        Assert.Contains("达到", page.ById("ladder").Value);
    }

    private static Report Named(string name) => name switch
    {
        "released" => Samples.Released(),
        "unreleased" => Samples.Unreleased(),
        "unproven" => Samples.Unreleased() with { Release = new("helpdesk", "nearest", "nearest", "1b6d3e70aa", MeetsTargets: false) },
        "infinite" => Infinite(),
        _ => Samples.Released() with { Candidates = [], Comparisons = [], Release = null, Warnings = [] },
    };

    private static Report Infinite()
    {
        var report = Samples.Released();
        return report with
        {
            Candidates = [.. report.Candidates.Select(c => c with { Targets = [.. c.Targets.Select(t => t with { High = double.PositiveInfinity, Low = double.NegativeInfinity, Value = double.NaN })] })],
        };
    }
}
