using System.Globalization;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>The judges of the brief, and how far they can be trusted; nothing where there are none.</summary>
internal static class JudgesSection
{
    public static void Write(Page page)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        if (page.Report.Judges.Count == 0)
        {
            return;
        }

        using (page.Section("judges", texts.JudgesHeading))
        {
            markup.Leaf("p", null, texts.JudgesNote);
            foreach (var judge in page.Report.Judges)
            {
                WriteJudge(page, judge);
            }
        }
    }

    private static void WriteJudge(Page page, JudgeReport judge)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        markup.Leaf("h3", null, judge.Name);
        using (markup.Open("dl", "counts"))
        {
            Item(texts.JudgeAsks, $"{string.Join(", ", judge.Endpoints)} x {judge.Votes.ToString(CultureInfo.InvariantCulture)}");
            Item(texts.JudgeScale, judge.Scale);
            Item(texts.JudgedAnswers, Figures.Count(judge.Judged));
            Item(texts.UnjudgedAnswers, Figures.Count(judge.Unjudged));
            Item(texts.CalibrationRows, Figures.Count(judge.CalibrationRows));
            Item(texts.Sensitivity, Share(judge.Sensitivity));
            Item(texts.Specificity, Share(judge.Specificity));
            Item(texts.AgreementWithHumans, Agreement(judge.AgreementWithHumans));
            Item(texts.AgreementAmongJudges, Agreement(judge.AgreementAmongJudges));
            Item(texts.FirstPreferred, Share(judge.FirstPreferred));
        }

        if (judge.Warning is { } warning)
        {
            markup.Prose("p", "warnings", warning);
        }

        void Item(string name, string? value)
        {
            if (value is null)
            {
                return;
            }

            using (markup.Open("div"))
            {
                markup.Leaf("dt", null, name);
                markup.Leaf("dd", null, value);
            }
        }
    }

    private static string? Share(MetricValue? value) => value is null ? null : Interval(value.Value, value.Low, value.High);

    private static string? Agreement(AgreementReport? agreement) =>
        agreement is null ? null
        : agreement.Value is not { } value ? agreement.WhyUndefined
        : agreement is { Low: { } low, High: { } high } ? Interval(value, low, high) : Number(value);

    private static string Interval(double value, double low, double high) => $"{Number(value)} [{Number(low)}, {Number(high)}]";

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
