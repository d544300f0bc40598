using System.Text.Json.Serialization;

namespace Landfall.Protocol.Datasets;

/// <summary>What a cleaning step would do to a row.</summary>
[JsonConverter(typeof(KebabEnumConverter<CleaningAction>))]
public enum CleaningAction
{
    /// <summary>Change a field of it.</summary>
    Edit,

    /// <summary>Leave it out.</summary>
    Drop,
}

/// <summary>What a reviewer says of a proposed change.</summary>
[JsonConverter(typeof(KebabEnumConverter<CleaningVerdict>))]
public enum CleaningVerdict
{
    /// <summary>Nothing yet: the change is not made.</summary>
    Open,

    /// <summary>The change is made.</summary>
    Accepted,

    /// <summary>The change is not made.</summary>
    Rejected,
}

/// <summary>The request of <c>POST /api/cleanings</c>, which starts a run of kind <c>cleaning</c>.</summary>
public sealed record CleaningRequest
{
    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The version; the newest of the name when it is not given.</summary>
    public string? Version { get; init; }

    /// <summary>Names of steps; all when none is given.</summary>
    public IReadOnlyList<string> Steps { get; init => field = value ?? []; } = [];

    /// <summary>The test version against which contamination is looked for.</summary>
    public string? TestVersion { get; init; }

    /// <summary>For what is drawn.</summary>
    public int Seed { get; init; }
}

/// <summary>What a step proposes, in figures.</summary>
public sealed record CleaningStepSummary
{
    /// <summary>The step's name.</summary>
    public required string Step { get; init; }

    /// <summary>Changes that it proposes.</summary>
    public required int Changes { get; init; }

    /// <summary>Of these: accepted.</summary>
    public int Accepted { get; init; }

    /// <summary>Of these: rejected.</summary>
    public int Rejected { get; init; }

    /// <summary>What the step did not look at, or why it found nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>A proposal to clean a dataset version: what a run found, and what reviewers said of it.</summary>
public sealed record CleaningProposal
{
    /// <summary>The id: that of the run that made it.</summary>
    public required string Id { get; init; }

    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The version that was looked at. It never changes.</summary>
    public required string Version { get; init; }

    /// <summary>The test version it was compared with.</summary>
    public string? TestVersion { get; init; }

    /// <summary>Its rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The steps in the order in which they were taken.</summary>
    public required IReadOnlyList<CleaningStepSummary> Steps { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string By { get; init; }

    /// <summary>The last version that was made of it.</summary>
    public string? AppliedVersion { get; init; }
}

/// <summary>A proposed change.</summary>
public sealed record CleaningChange
{
    /// <summary>Its number in the proposal, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The step that proposes it.</summary>
    public required string Step { get; init; }

    /// <summary>The row's place, from 0.</summary>
    public required long Row { get; init; }

    /// <summary>The row's identity.</summary>
    public required string RowId { get; init; }

    /// <summary>Edit a field, or drop the row.</summary>
    public required CleaningAction Action { get; init; }

    /// <summary>With an edit: <c>text</c>, <c>expected</c>, or <c>fields.</c> and a field's name.</summary>
    public string? Field { get; init; }

    /// <summary>The row's text, for reading.</summary>
    public required string Text { get; init; }

    /// <summary>The row's expected output, for reading.</summary>
    public required string Expected { get; init; }

    /// <summary>The value as it is.</summary>
    public required string Before { get; init; }

    /// <summary>With an edit: the value that it would have.</summary>
    public string? After { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>The text of the row that this one repeats.</summary>
    public string? RelatedText { get; init; }

    /// <summary>What was said of it.</summary>
    public CleaningVerdict Verdict { get; init; }

    /// <summary>Who said so.</summary>
    public string? By { get; init; }
}

/// <summary>A page of changes.</summary>
/// <param name="Total">Changes that fit the filter.</param>
/// <param name="Changes">This page.</param>
public sealed record CleaningChangePage(int Total, IReadOnlyList<CleaningChange> Changes);

/// <summary>The request of <c>POST /api/cleanings/{id}/decisions</c>. What is left out does not narrow it: <c>{"verdict":"accepted"}</c> accepts all.</summary>
public sealed record CleaningDecision
{
    /// <summary>What is said; <c>open</c> takes back what was said before.</summary>
    public required CleaningVerdict Verdict { get; init; }

    /// <summary>Only this change.</summary>
    public int? Change { get; init; }

    /// <summary>Only this step's changes.</summary>
    public string? Step { get; init; }

    /// <summary>Only changes of at least this confidence.</summary>
    public double? MinConfidence { get; init; }
}

/// <summary>Where a version came from.</summary>
public sealed record DatasetLineage
{
    /// <summary>What made it: <c>clean</c>, <c>split</c>, <c>label</c>.</summary>
    public required string Made { get; init; }

    /// <summary>The versions that it was made of.</summary>
    public required IReadOnlyList<string> Parents { get; init; }

    /// <summary>Who decided.</summary>
    public required string By { get; init; }

    /// <summary>What was done, a sentence each: steps with their decisions, shares, labels.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = [];

    /// <summary>The run, proposal or labelling that it came of.</summary>
    public string? Source { get; init; }
}
