using System.Globalization;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>A target of the brief, apart from what a candidate makes of it.</summary>
internal readonly record struct TargetKey(string Metric, string On, double Bound, Direction Direction, double Confidence)
{
    public static TargetKey Of(TargetReport target) => new(target.Metric, target.On, target.Bound, target.Direction, target.Confidence);

    /// <summary>The bound in short, such as <c>≥ 0.9</c>.</summary>
    public string Short => (Direction == Direction.AtLeast ? "≥ " : "≤ ") + Figures.Bound(Metric, Bound);
}

/// <summary>What every section of a page writes with, and the parts that several of them share.</summary>
internal sealed class Page(Report report, ReportTexts texts, Markup markup)
{
    public Report Report => report;

    public ReportTexts Texts => texts;

    public Markup Markup => markup;

    /// <summary>The candidates that have figures, cheapest first.</summary>
    public IReadOnlyList<CandidateReport> Measured { get; } = [.. report.Candidates.Where(c => c.Status == CandidateStatus.Measured)];

    /// <summary>The brief's targets, in its order.</summary>
    public IReadOnlyList<TargetKey> Targets { get; } =
        [.. report.Candidates.SelectMany(c => c.Targets).Select(TargetKey.Of).Distinct()];

    public static string Fill(string template, params ReadOnlySpan<object?> places) =>
        string.Format(CultureInfo.InvariantCulture, template, places);

    public string Word(Verdict verdict) => verdict switch
    {
        Verdict.Met => texts.Met,
        Verdict.Missed => texts.Missed,
        _ => texts.Undecided,
    };

    public string Word(CandidateStatus status) => status switch
    {
        CandidateStatus.Measured => texts.Measured,
        CandidateStatus.Skipped => texts.Skipped,
        _ => texts.Failed,
    };

    public string Word(Direction direction) => direction == Direction.AtLeast ? texts.AtLeast : texts.AtMost;

    public static string Style(Verdict verdict) => verdict switch
    {
        Verdict.Met => "met",
        Verdict.Missed => "missed",
        _ => "undecided",
    };

    /// <summary>Whether the candidate is the one released.</summary>
    public bool IsRelease(CandidateReport candidate) =>
        report.Release is { } release && release.Candidate == candidate.Name && release.Hash == candidate.Hash;

    /// <summary>A section with its heading.</summary>
    public Markup.Scope Section(string id, string heading)
    {
        markup.Break();
        var scope = markup.Open("section", null, ("id", id), ("aria-labelledby", id + "-heading"));
        markup.Leaf("h2", null, heading, ("id", id + "-heading"));
        return scope;
    }

    /// <summary>A verdict as sign and word.</summary>
    public void Badge(Verdict verdict)
    {
        using (markup.Open("span", "verdict " + Style(verdict)))
        {
            using (markup.Open("svg", "sign", ("viewBox", "-7 -7 14 14"), ("aria-hidden", "true")))
            {
                markup.Leaf("use", null, "", ("href", "#shape-" + Style(verdict)));
            }

            markup.Leaf("span", null, Word(verdict));
        }
    }

    /// <summary>
    /// A table that scrolls within itself where it is wider than the page, and turns into cards on a phone. The roles are
    /// repeated because browsers drop them from tables that are not laid out as such.
    /// </summary>
    public void Table(string labelledBy, string style, IReadOnlyList<Action> headings, Action rows)
    {
        using (markup.Open("div", "scroll", ("role", "region"), ("tabindex", "0"), ("aria-labelledby", labelledBy)))
        using (markup.Open("table", style, ("role", "table"), ("aria-labelledby", labelledBy)))
        {
            using (markup.Open("thead", null, ("role", "rowgroup")))
            using (markup.Open("tr", null, ("role", "row")))
            {
                foreach (var heading in headings)
                {
                    using (markup.Open("th", null, ("scope", "col"), ("role", "columnheader")))
                    {
                        heading();
                    }
                }
            }

            using (markup.Open("tbody", null, ("role", "rowgroup")))
            {
                rows();
            }
        }
    }

    public Markup.Scope Row(string? style = null)
    {
        markup.Break();
        return markup.Open("tr", style, ("role", "row"));
    }

    public Markup.Scope RowHeading() => markup.Open("th", null, ("scope", "row"), ("role", "rowheader"));

    /// <summary>A cell; the label stands before it where the table has turned into cards.</summary>
    public Markup.Scope Cell(string label, string? style = null) => markup.Open("td", style, ("role", "cell"), ("data-label", label));

    public void Cell(string label, string? style, string text)
    {
        using (Cell(label, style))
        {
            markup.Leaf("span", null, text);
        }
    }

    /// <summary>Data, or a word for it where it is empty.</summary>
    public void Data(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            markup.Leaf("em", "empty", texts.Empty);
        }
        else
        {
            markup.Code(text);
        }
    }
}
