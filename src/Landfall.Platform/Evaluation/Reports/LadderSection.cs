using System.Globalization;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>The ladder: a row per candidate, cheapest first.</summary>
internal static class LadderSection
{
    public static void Write(Page page)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("ladder", texts.LadderHeading))
        {
            markup.Leaf("p", "note", texts.LadderNote);
            List<Action> headings = [() => markup.Text(texts.Candidate), () => markup.Text(texts.Status)];
            headings.AddRange(page.Targets.Select<TargetKey, Action>(target => () => WriteTargetHeading(page, target)));
            headings.AddRange(new[] { texts.Time, texts.Memory, texts.Money, texts.Parameters, texts.Artifact }.Select<string, Action>(text => () => markup.Text(text)));
            page.Table("ladder-heading", "ladder", headings, () =>
            {
                foreach (var candidate in page.Report.Candidates)
                {
                    WriteRow(page, candidate);
                }
            });
        }
    }

    private static void WriteTargetHeading(Page page, TargetKey target)
    {
        var markup = page.Markup;
        markup.Leaf("span", "metric", target.Metric);
        markup.Leaf("span", "bound", target.Short);
        markup.Leaf("span", "on", Page.Fill(page.Texts.OnData, target.On));
        markup.Leaf("span", "on", Page.Fill(page.Texts.ConfidenceIs, Figures.Percent(target.Confidence)));
    }

    private static void WriteRow(Page page, CandidateReport candidate)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Row(page.IsRelease(candidate) ? "chosen" : candidate.Status == CandidateStatus.Measured ? null : "out"))
        {
            using (page.RowHeading())
            {
                markup.Code(candidate.Name);
                if (candidate.Name != candidate.Technique)
                {
                    markup.Leaf("span", "technique", candidate.Technique, ("dir", "auto"));
                }

                if (page.IsRelease(candidate))
                {
                    markup.Leaf("span", "mark", texts.ReleaseMark);
                }
            }

            page.Cell(texts.Status, "status", page.Word(candidate.Status));
            if (candidate.Status != CandidateStatus.Measured)
            {
                WriteReason(page, candidate);
                return;
            }

            foreach (var target in page.Targets)
            {
                WriteTarget(page, target, candidate.Targets.FirstOrDefault(t => TargetKey.Of(t) == target));
            }

            page.Cell(texts.Time, "number", Figures.Seconds(candidate.Seconds));
            page.Cell(texts.Memory, "number", Figures.Bytes(candidate.PeakMemoryBytes));
            page.Cell(texts.Money, "number", Figures.Money(candidate.CostUsd));
            page.Cell(texts.Parameters, "number", Figures.Count(candidate.TrainedParameters));
            page.Cell(texts.Artifact, "number", Figures.Bytes(candidate.ArtifactBytes));
        }
    }

    private static void WriteReason(Page page, CandidateReport candidate)
    {
        var columns = (page.Targets.Count + 5).ToString(CultureInfo.InvariantCulture);
        using (page.Markup.Open("td", "reason", ("role", "cell"), ("colspan", columns), ("aria-colspan", columns)))
        {
            page.Markup.Prose("span", null, candidate.Reason ?? "");
        }
    }

    private static void WriteTarget(Page page, TargetKey key, TargetReport? target)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Cell($"{key.Metric} {key.Short} ({key.On})", "target"))
        using (markup.Open("div"))
        {
            if (target is null)
            {
                markup.Leaf("span", "on", texts.NotMeasured);
                return;
            }

            using (markup.Open("span", "figure"))
            {
                markup.Leaf("b", null, Figures.Beside(target.Metric, target.Value, target.Bound));
                markup.Text(" ");
                markup.Leaf("span", "interval", Figures.IntervalBeside(target.Metric, target.Low, target.High, target.Bound));
            }

            page.Badge(target.Verdict);
            if (target is { Verdict: Verdict.Undecided, MoreExamples: { } more })
            {
                markup.Leaf("span", "on", Page.Fill(texts.MoreExamples, Figures.Count(more)));
            }
        }
    }
}
