using System.Text.Json.Serialization;
using Landfall.Protocol.Reports;

namespace Landfall.Protocol.Apps;

/// <summary>A finished landing of an app.</summary>
public sealed record LandingRecord
{
    /// <summary>Counts the app's landings, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Its run.</summary>
    public required string RunId { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset LandedAt { get; init; }

    /// <summary>Who started it.</summary>
    public required string LandedBy { get; init; }

    /// <summary>What it released; null when no candidate met every target, or the release was held back.</summary>
    public ReleaseReport? Release { get; init; }

    /// <summary>Whether that release takes the app's traffic now.</summary>
    public bool IsLive { get; init; }

    /// <summary>The candidate that stands for the landing: the released one, or the one that came nearest.</summary>
    public string? Candidate { get; init; }

    /// <summary>The targets as that candidate stands to them.</summary>
    public IReadOnlyList<TargetReport> Targets { get; init => field = value ?? []; } = [];

    /// <summary>The measured candidates.</summary>
    public IReadOnlyList<string> Candidates { get; init => field = value ?? []; } = [];

    /// <summary>Test rows.</summary>
    public long TestRows { get; init; }

    /// <summary>The version (hash) of the test rows: figures of two landings rest on the same rows where it is the same.</summary>
    public required string TestVersion { get; init; }
}

/// <summary>A finished landing with its brief and its report.</summary>
/// <param name="Landing">In short.</param>
/// <param name="Brief">The brief's text.</param>
/// <param name="Report">The report.</param>
public sealed record LandingDetail(LandingRecord Landing, string Brief, Report Report);

/// <summary>The request of <c>POST /api/apps/{app}/release</c>.</summary>
/// <param name="Landing">The number of the landing whose release is to take the app's traffic again.</param>
public sealed record ReleaseRequest(int Landing);

/// <summary>What a change of an answer is.</summary>
[JsonConverter(typeof(KebabEnumConverter<AnswerChange>))]
public enum AnswerChange
{
    /// <summary>Worse by the metric that answers are compared by: right before, wrong now.</summary>
    Broken,

    /// <summary>Better.</summary>
    Fixed,

    /// <summary>Another answer, as good or as bad.</summary>
    Other,
}

/// <summary>One side of a comparison.</summary>
/// <param name="Landing">The landing's number.</param>
/// <param name="Candidate">The candidate's name in it.</param>
/// <param name="Technique">Its technique.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="LandedAt">When the landing ended.</param>
/// <param name="IsLive">Whether it takes the app's traffic.</param>
public sealed record ComparedSide(int Landing, string Candidate, string Technique, string Hash, DateTimeOffset LandedAt, bool IsLive);

/// <summary>A metric on the rows that both sides have answered.</summary>
public sealed record ComparedMetric
{
    /// <summary>Its name.</summary>
    public required string Metric { get; init; }

    /// <summary>Whether more of it is better.</summary>
    public required bool HigherIsBetter { get; init; }

    /// <summary>A's value with its 95% interval.</summary>
    public required MetricValue A { get; init; }

    /// <summary>B's.</summary>
    public required MetricValue B { get; init; }

    /// <summary>B minus A.</summary>
    public required double Difference { get; init; }

    /// <summary>With metrics of quality: the two-sided p-value of the paired test, corrected by Holm over all of them.</summary>
    public double? P { get; init; }
}

/// <summary>A row that the two sides answer differently.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="Change">What the change is, from A to B.</param>
/// <param name="Text">What the user wrote.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="A">A's answer.</param>
/// <param name="B">B's.</param>
public sealed record ChangedAnswer(string Id, AnswerChange Change, string Text, string Expected, string A, string B);

/// <summary>Two releases, or candidates, of an app side by side.</summary>
public sealed record ReleaseComparison
{
    /// <summary>The first side.</summary>
    public required ComparedSide A { get; init; }

    /// <summary>The second side.</summary>
    public required ComparedSide B { get; init; }

    /// <summary>Rows of B's test data that both sides have answered: what all figures here rest on.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows of B's test data.</summary>
    public required long TestRows { get; init; }

    /// <summary>The metric that answers are called better or worse by.</summary>
    public required string AnswersBy { get; init; }

    /// <summary>Every metric that fits the brief of B.</summary>
    public required IReadOnlyList<ComparedMetric> Metrics { get; init; }

    /// <summary>Answers that became worse.</summary>
    public required long Broken { get; init; }

    /// <summary>Answers that became better.</summary>
    public required long Fixed { get; init; }

    /// <summary>Answers that changed and became neither.</summary>
    public required long Other { get; init; }

    /// <summary>Changed answers that fit the filter.</summary>
    public required long Total { get; init; }

    /// <summary>This page of them: broken ones first, then fixed ones.</summary>
    public required IReadOnlyList<ChangedAnswer> Changes { get; init; }
}
