using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>The first thing a reader sees: which release and why, or what is in the way and what to do about it.</summary>
internal static class DecisionSection
{
    public static void Write(Page page)
    {
        var (markup, texts, release) = (page.Markup, page.Texts, page.Report.Release);
        var style = release switch { { MeetsTargets: true } => "good", null => "bad", _ => "unsure" };
        using (page.Section("release", texts.ReleaseHeading))
        using (markup.Open("div", "decision " + style))
        {
            using (markup.Open("p", "headline"))
            {
                markup.Phrase(release switch { { MeetsTargets: true } => texts.Released, null => texts.NothingReleased, _ => texts.ReleasedUnproven }, () => markup.Code(release!.Candidate));
            }

            markup.Leaf("p", null, release is { MeetsTargets: true } ? texts.ReleasedWhy : texts.NoCandidateMeets);
            if (release is not null)
            {
                WriteRelease(page, release);
            }

            if (page.Report.Obstacle is { } obstacle)
            {
                WriteObstacle(page, obstacle);
            }

            if (page.Report.Warnings.Count > 0)
            {
                using (markup.Open("p", "aside"))
                {
                    markup.Leaf("a", null, Page.Fill(texts.WarningsLink, Figures.Count(page.Report.Warnings.Count)), ("href", "#warnings"));
                }
            }
        }
    }

    private static void WriteRelease(Page page, ReleaseReport release)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        if (page.Report.Candidates.FirstOrDefault(page.IsRelease) is { } candidate)
        {
            using (markup.Open("ul", "standing"))
            {
                foreach (var target in candidate.Targets)
                {
                    WriteStanding(page, target);
                }
            }
        }

        using (markup.Open("dl", "facts"))
        {
            Fact(texts.ServedAs, release.Model);
            Fact(texts.Technique, release.Technique);
            Fact(texts.Hash, release.Hash);
        }

        if (release.MeetsTargets)
        {
            WriteCheaper(page);
        }

        void Fact(string name, string value)
        {
            using (markup.Open("div"))
            {
                markup.Leaf("dt", null, name);
                using (markup.Open("dd"))
                {
                    page.Data(value);
                }
            }
        }
    }

    private static void WriteStanding(Page page, TargetReport target)
    {
        var markup = page.Markup;
        var key = TargetKey.Of(target);
        using (markup.Open("li"))
        {
            page.Badge(target.Verdict);
            using (markup.Open("span", "figure"))
            {
                markup.Leaf("span", "metric", target.Metric);
                markup.Text(" ");
                markup.Leaf("b", null, Figures.Beside(target.Metric, target.Value, target.Bound));
                markup.Text(" ");
                markup.Leaf("span", "bound", key.Short);
                markup.Text(" ");
                markup.Leaf("span", "on", Page.Fill(page.Texts.OnData, target.On));
            }
        }
    }

    /// <summary>The rungs below the release: a reader asks first why none of them will do.</summary>
    private static void WriteCheaper(Page page)
    {
        var markup = page.Markup;
        var cheaper = page.Report.Candidates.TakeWhile(c => !page.IsRelease(c)).ToList();
        if (cheaper.Count == 0 || cheaper.Count == page.Report.Candidates.Count)
        {
            return;
        }

        markup.Leaf("h3", null, page.Texts.CheaperHeading);
        using (markup.Open("ul", "cheaper"))
        {
            foreach (var candidate in cheaper)
            {
                using (markup.Open("li"))
                {
                    WriteWhyNot(page, candidate);
                }
            }
        }
    }

    private static void WriteWhyNot(Page page, CandidateReport candidate)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        if (candidate.Status != CandidateStatus.Measured)
        {
            markup.Phrase(
                candidate.Status == CandidateStatus.Skipped ? texts.CheaperSkipped : texts.CheaperFailed,
                () => markup.Code(candidate.Name),
                () => markup.Prose("span", null, candidate.Reason ?? ""));
            return;
        }

        markup.Phrase(texts.CheaperUnmet, () => markup.Code(candidate.Name));
        foreach (var target in candidate.Targets.Where(t => t.Verdict != Verdict.Met))
        {
            markup.Text(" ");
            using (markup.Open("span", "unmet"))
            {
                markup.Text($"{target.Metric} {Figures.Beside(target.Metric, target.Value, target.Bound)} ");
                page.Badge(target.Verdict);
            }
        }
    }

    private static void WriteObstacle(Page page, Obstacle obstacle)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        markup.Leaf("h3", null, texts.ObstacleHeading);
        using (markup.Open("p"))
        {
            markup.Phrase(
                texts.ObstacleIs,
                () => markup.Leaf("b", null, obstacle.Metric),
                () => markup.Code(obstacle.On),
                () => markup.Text(page.Word(obstacle.Direction)),
                () => markup.Leaf("b", null, Figures.Bound(obstacle.Metric, obstacle.Bound)));
            markup.Text(" ");
            if (obstacle is { Candidate: { } candidate, Value: { } value })
            {
                markup.Phrase(
                    texts.ObstacleNearest,
                    () => markup.Code(candidate),
                    () => markup.Leaf("b", null, Figures.Beside(obstacle.Metric, value, obstacle.Bound)),
                    () => page.Badge(obstacle.Verdict));
            }
            else
            {
                markup.Text(texts.ObstacleNobody);
            }
        }

        markup.Leaf("h3", null, texts.NextAction);
        markup.Prose("p", "action", obstacle.Action);
    }
}
