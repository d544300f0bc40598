using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;

namespace Landfall.Protocol.Apps;

/// <summary>An app in a list.</summary>
public sealed record AppSummary
{
    /// <summary>Its name, which is also its model name in <c>/v1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>The targets as the live release, or else the nearest candidate, stands to them.</summary>
    public IReadOnlyList<TargetReport> Targets { get; init => field = value ?? []; } = [];

    /// <summary>The live release, if any.</summary>
    public ReleaseReport? Release { get; init; }

    /// <summary>The last landing.</summary>
    public RunSummary? LastRun { get; init; }
}

/// <summary>An app.</summary>
/// <param name="App">In short.</param>
/// <param name="Brief">The brief's text as last landed.</param>
/// <param name="Report">The last report.</param>
/// <param name="Runs">Its runs, newest first.</param>
public sealed record AppDetail(AppSummary App, string Brief, Report? Report, IReadOnlyList<RunSummary> Runs);

/// <summary>A test example with a candidate's answer.</summary>
public sealed record ExampleResult
{
    /// <summary>The row's id.</summary>
    public required string Id { get; init; }

    /// <summary>What the user wrote.</summary>
    public required string Text { get; init; }

    /// <summary>What was expected.</summary>
    public required string Expected { get; init; }

    /// <summary>What the candidate answered.</summary>
    public required string Got { get; init; }

    /// <summary>Its confidence, 0 to 1, when it has one.</summary>
    public double? Confidence { get; init; }

    /// <summary>Whether it is right (for labels), or null for graded outputs.</summary>
    public bool? Correct { get; init; }

    /// <summary>Scores by metric name, where the metric scores single examples.</summary>
    public IReadOnlyDictionary<string, double> Scores { get; init => field = value ?? new Dictionary<string, double>(); } = new Dictionary<string, double>();

    /// <summary>All other fields of the row.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>The call of a language model that the answer came from, if it did: <c>GET /api/calls/{id}</c> opens it.</summary>
    public string? Call { get; init; }

    /// <summary>Every vote of the brief's judges.</summary>
    public IReadOnlyList<ExampleVote> Judgements { get; init => field = value ?? []; } = [];

    /// <summary>With a brief of conversations: what was said.</summary>
    public ExampleConversation? Conversation { get; init; }
}

/// <summary>A judge's vote on an answer.</summary>
/// <param name="Judge">The judge, by its name in the brief.</param>
/// <param name="Endpoint">Whom it asked.</param>
/// <param name="Score">1 or 0 for pass or fail, 1 to 5, or with pairs 0 to 1; null: it could not be read.</param>
/// <param name="Swapped">With pairs: whether the expected answer was shown first.</param>
/// <param name="Reason">The reason given.</param>
/// <param name="Problem">What was wrong with the vote.</param>
public sealed record ExampleVote(string Judge, string Endpoint, double? Score, bool Swapped, string? Reason, string? Problem);

/// <summary>A conversation of a simulated user with the app.</summary>
/// <param name="Reached">Whether it reached its goal.</param>
/// <param name="Why">Why it ended.</param>
/// <param name="Turns">All messages.</param>
public sealed record ExampleConversation(bool Reached, string Why, IReadOnlyList<ExampleTurn> Turns);

/// <summary>A message.</summary>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">Its text.</param>
/// <param name="Milliseconds">With the app's: how long it took.</param>
public sealed record ExampleTurn(string Role, string Content, double? Milliseconds);

/// <summary>A page of examples.</summary>
/// <param name="Total">Examples that fit the filter.</param>
/// <param name="Examples">This page.</param>
public sealed record ExamplePage(long Total, IReadOnlyList<ExampleResult> Examples);

/// <summary>The request of <c>POST /api/apps/{app}/try</c>.</summary>
/// <param name="Text">What the user writes.</param>
public sealed record TryRequest(string Text);

/// <summary>The live release's answer.</summary>
/// <param name="Answer">What a client of <c>/v1</c> gets.</param>
/// <param name="Label">The label, with a label app.</param>
/// <param name="Confidence">0 to 1, when there is one.</param>
/// <param name="Milliseconds">Time taken.</param>
/// <param name="Alternatives">The next best labels with their confidence.</param>
/// <param name="Call">The call of a language model that the answer came from, if it did: <c>GET /api/calls/{id}</c> opens it.</param>
public sealed record TryResponse(string Answer, string? Label, double? Confidence, double Milliseconds, IReadOnlyList<Alternative> Alternatives, string? Call = null);

/// <summary>A label and its confidence.</summary>
/// <param name="Label">The label.</param>
/// <param name="Confidence">0 to 1.</param>
public sealed record Alternative(string Label, double Confidence);
