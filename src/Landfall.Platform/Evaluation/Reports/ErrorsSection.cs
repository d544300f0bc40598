using System.Globalization;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>Candidate by candidate: its settings and choices, its groups of errors with the next action, and the texts it got wrong.</summary>
internal static class ErrorsSection
{
    private const int ExamplesPerGroup = 8;
    private const int OtherExamples = 20;
    private const int ClippedLength = 600;

    public static void Write(Page page, IReadOnlyDictionary<string, IReadOnlyList<ExampleResult>> wrongExamples)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (page.Section("errors", texts.ErrorsHeading))
        {
            if (page.Measured.Count == 0)
            {
                markup.Leaf("p", null, texts.NothingMeasured);
            }

            // The release first: its errors are the ones that users will meet.
            foreach (var candidate in page.Measured.OrderByDescending(page.IsRelease))
            {
                markup.Break();
                using (markup.Open("article", "candidate"))
                {
                    WriteCandidate(page, candidate, wrongExamples.GetValueOrDefault(candidate.Name) ?? []);
                }
            }
        }
    }

    private static void WriteCandidate(Page page, CandidateReport candidate, IReadOnlyList<ExampleResult> wrong)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (markup.Open("h3"))
        {
            markup.Code(candidate.Name);
            if (page.IsRelease(candidate))
            {
                markup.Text(" ");
                markup.Leaf("span", "mark", texts.ReleaseMark);
            }
        }

        WriteFacts(page, candidate);
        if (candidate.Errors.Count == 0)
        {
            markup.Leaf("p", "note", texts.NoErrorGroups);
        }

        var byId = new Dictionary<string, ExampleResult>(StringComparer.Ordinal);
        foreach (var example in wrong)
        {
            byId.TryAdd(example.Id, example);
        }

        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cluster in candidate.Errors)
        {
            WriteCluster(page, cluster, byId);
            shown.UnionWith(cluster.Examples);
        }

        var others = wrong.Where(example => !shown.Contains(example.Id)).ToList();
        WriteExamples(page, texts.ShowOthers, [.. others.Take(OtherExamples)], others.Count, answers: true);
    }

    private static void WriteFacts(Page page, CandidateReport candidate)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (markup.Open("dl", "facts"))
        {
            Fact(texts.Technique, () => page.Data(candidate.Technique));
            if (candidate.Settings.Count > 0)
            {
                Fact(texts.Settings, () =>
                {
                    foreach (var (name, value) in candidate.Settings.OrderBy(s => s.Key, StringComparer.Ordinal))
                    {
                        markup.Code($"{name}: {value}");
                        markup.Text(" ");
                    }
                });
            }

            Fact(texts.Hash, () => page.Data(candidate.Hash));
            if (candidate.Notes.Count > 0)
            {
                Fact(texts.Notes, () =>
                {
                    using (markup.Open("ul"))
                    {
                        foreach (var note in candidate.Notes)
                        {
                            markup.Prose("li", null, note);
                        }
                    }
                });
            }
        }

        void Fact(string name, Action value)
        {
            using (markup.Open("div"))
            {
                markup.Leaf("dt", null, name);
                using (markup.Open("dd"))
                {
                    value();
                }
            }
        }
    }

    private static void WriteCluster(Page page, ErrorCluster cluster, Dictionary<string, ExampleResult> byId)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        using (markup.Open("div", "cluster"))
        {
            using (markup.Open("h4"))
            {
                markup.Phrase(texts.ExpectedGot, () => page.Data(PlainText.Clip(cluster.Expected, ClippedLength)), () => page.Data(PlainText.Clip(cluster.Got, ClippedLength)));
            }

            using (markup.Open("p", "share"))
            {
                var percent = cluster.Of > 0 ? Math.Clamp(100.0 * cluster.Count / cluster.Of, 0, 100) : 0;
                using (markup.Open("svg", "bar", ("aria-hidden", "true")))
                {
                    markup.Leaf("rect", null, "", ("width", percent.ToString("0.##", CultureInfo.InvariantCulture) + "%"), ("height", "100%"));
                }

                markup.Leaf("span", null, Page.Fill(texts.CountOf, Figures.Count(cluster.Count), Figures.Count(cluster.Of)));
            }

            markup.Prose("p", "action", cluster.Action);
            var examples = cluster.Examples.Where(byId.ContainsKey).Select(id => byId[id]).ToList();

            // Labels stand in the heading already; longer answers differ from row to row within a group.
            var answers = examples.Exists(e => e.Expected != cluster.Expected || e.Got != cluster.Got);
            WriteExamples(page, texts.ShowExamples, [.. examples.Take(ExamplesPerGroup)], Math.Max(examples.Count, cluster.Count), answers);
        }
    }

    private static void WriteExamples(Page page, string summary, List<ExampleResult> examples, int of, bool answers)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        if (examples.Count == 0)
        {
            return;
        }

        using (markup.Open("details"))
        {
            markup.Leaf("summary", null, Page.Fill(summary, Figures.Count(of)));
            if (of > examples.Count)
            {
                markup.Leaf("p", "note", Page.Fill(texts.ShownHere, Figures.Count(examples.Count)));
            }

            using (markup.Open("ul", "examples"))
            {
                foreach (var example in examples)
                {
                    using (markup.Open("li"))
                    {
                        WriteExample(page, example, answers);
                    }
                }
            }
        }
    }

    private static void WriteExample(Page page, ExampleResult example, bool answers)
    {
        var (markup, texts) = (page.Markup, page.Texts);
        markup.Leaf("p", "said", PlainText.Clip(example.Text, ClippedLength), ("dir", "auto"));
        using (markup.Open("dl", "answer"))
        {
            if (answers)
            {
                Pair(texts.Expected, example.Expected);
                Pair(texts.Got, example.Got);
            }

            if (example.Confidence is { } confidence)
            {
                Pair(texts.ConfidenceWord, Figures.Metric("confidence", confidence));
            }

            Pair("id", example.Id);
        }

        void Pair(string name, string value)
        {
            using (markup.Open("div"))
            {
                markup.Leaf("dt", null, name);
                using (markup.Open("dd"))
                {
                    page.Data(PlainText.Clip(value, ClippedLength));
                }
            }
        }
    }
}
