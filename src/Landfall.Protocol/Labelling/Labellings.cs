using System.Text.Json.Serialization;

namespace Landfall.Protocol.Labelling;

/// <summary>What an annotator gives.</summary>
[JsonConverter(typeof(KebabEnumConverter<LabelKind>))]
public enum LabelKind
{
    /// <summary>One label of the set.</summary>
    Single,

    /// <summary>Any number of labels of the set.</summary>
    Multiple,

    /// <summary>A free text.</summary>
    Text,

    /// <summary>JSON.</summary>
    Json,
}

/// <summary>A label that can be chosen.</summary>
/// <param name="Name">The label as rows have it.</param>
/// <param name="Key">The key that chooses it: a digit or a letter; given by its place when left out.</param>
/// <param name="Description">When it applies.</param>
public sealed record LabelOption(string Name, string? Key = null, string? Description = null);

/// <summary>What annotators are asked for.</summary>
public sealed record LabelSchema
{
    /// <summary>The kind of answer.</summary>
    public LabelKind Kind { get; init; }

    /// <summary>With <c>single</c> and <c>multiple</c>: the labels.</summary>
    public IReadOnlyList<LabelOption> Labels { get; init => field = value ?? []; } = [];

    /// <summary>What to look out for.</summary>
    public string? Instructions { get; init; }
}

/// <summary>The request of <c>POST /api/labellings</c>.</summary>
public sealed record LabellingRequest
{
    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The version; the newest of the name when it is not given.</summary>
    public string? Version { get; init; }

    /// <summary>What is asked for; the labels that the rows have when it is not given.</summary>
    public LabelSchema? Schema { get; init; }

    /// <summary>How many annotators label each row: 1 to 10.</summary>
    public int Overlap { get; init; } = 1;
}

/// <summary>An annotator's share.</summary>
/// <param name="Annotator">Who.</param>
/// <param name="Labels">Rows labelled.</param>
/// <param name="Skips">Rows left to others.</param>
/// <param name="Unsure">Rows looked at without a decision.</param>
public sealed record AnnotatorProgress(string Annotator, int Labels, int Skips, int Unsure);

/// <summary>A coefficient of agreement with its 95% interval, or why there is none.</summary>
/// <param name="Name"><c>cohen</c>, <c>fleiss</c>, <c>krippendorff</c>.</param>
/// <param name="Between">With <c>cohen</c>: the two annotators.</param>
/// <param name="Value">1: always agreed; 0: as chance would; null: undefined.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Items">Rows that it rests on.</param>
/// <param name="WhyUndefined">Why there is none.</param>
public sealed record AgreementCoefficient(string Name, string? Between, double? Value, double? Low, double? High, int Items, string? WhyUndefined);

/// <summary>A labelling of a dataset version.</summary>
public sealed record LabellingSummary
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The dataset's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The version whose rows are labelled. It never changes.</summary>
    public required string Version { get; init; }

    /// <summary>What annotators are asked for.</summary>
    public required LabelSchema Schema { get; init; }

    /// <summary>How many annotators label each row.</summary>
    public required int Overlap { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who began it.</summary>
    public required string By { get; init; }

    /// <summary>Rows.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that need no further label.</summary>
    public int Done { get; init; }

    /// <summary>Rows whose annotators differ, and that nobody has adjudicated.</summary>
    public int Disagreements { get; init; }

    /// <summary>Everybody who has claimed a row, also those who labelled nothing.</summary>
    public IReadOnlyList<AnnotatorProgress> Annotators { get; init => field = value ?? []; } = [];

    /// <summary>Of the pairs of labels of one row, the share that agree; null without a pair.</summary>
    public double? Agreeing { get; init; }

    /// <summary>Coefficients of agreement.</summary>
    public IReadOnlyList<AgreementCoefficient> Agreement { get; init => field = value ?? []; } = [];

    /// <summary>How the next row is chosen: <c>uncertainty</c> once a model is trained, <c>spread</c> before.</summary>
    public string Order { get; init; } = "spread";

    /// <summary>The last version that was made of it.</summary>
    public string? ExportedVersion { get; init; }
}

/// <summary>A row to label, claimed for an annotator for a while.</summary>
/// <param name="Row">The row's place, from 0.</param>
/// <param name="Text">Its text.</param>
/// <param name="Expected">The expected output that it has.</param>
/// <param name="Fields">Its further fields.</param>
/// <param name="ExpiresAt">After this, another annotator may get it.</param>
public sealed record LabellingItem(int Row, string Text, string Expected, IReadOnlyDictionary<string, string> Fields, DateTimeOffset ExpiresAt);

/// <summary>The answer to a claim.</summary>
/// <param name="Item">The row; null: there is nothing left for this annotator.</param>
/// <param name="Remaining">Rows that still need labels.</param>
public sealed record LabellingClaim(LabellingItem? Item, int Remaining);

/// <summary>The request of <c>POST /api/labellings/{id}/claims</c>.</summary>
/// <param name="Annotator">Who labels; the caller when it is not given.</param>
public sealed record ClaimRequest(string? Annotator = null);

/// <summary>What an annotator does with a row.</summary>
[JsonConverter(typeof(KebabEnumConverter<LabelAction>))]
public enum LabelAction
{
    /// <summary>Gives it a label.</summary>
    Label,

    /// <summary>Leaves it to others.</summary>
    Skip,

    /// <summary>Cannot decide.</summary>
    Unsure,

    /// <summary>Takes back what the annotator did last.</summary>
    Undo,

    /// <summary>Decides a disagreement.</summary>
    Adjudicate,
}

/// <summary>The request of <c>POST /api/labellings/{id}/labels</c>.</summary>
public sealed record LabelRequest
{
    /// <summary>What is done.</summary>
    public LabelAction Action { get; init; }

    /// <summary>The row's place; with <c>undo</c> it is not needed.</summary>
    public int? Row { get; init; }

    /// <summary>With <c>label</c> and <c>adjudicate</c>: the label, several, or a text of one element.</summary>
    public IReadOnlyList<string> Values { get; init => field = value ?? []; } = [];

    /// <summary>Who labels; the caller when it is not given.</summary>
    public string? Annotator { get; init; }
}

/// <summary>An entry of a labelling's history, which is only ever added to.</summary>
/// <param name="Seq">From 1.</param>
/// <param name="Row">The row's place.</param>
/// <param name="Annotator">Whose label it is.</param>
/// <param name="Action">What was done.</param>
/// <param name="Value">The label, where one was given.</param>
/// <param name="By">Who was signed in.</param>
/// <param name="At">When.</param>
public sealed record LabelEvent(long Seq, int Row, string Annotator, LabelAction Action, string? Value, string By, DateTimeOffset At);

/// <summary>A row whose annotators differ.</summary>
/// <param name="Row">Its place.</param>
/// <param name="Text">Its text.</param>
/// <param name="Labels">Each annotator's label.</param>
public sealed record LabelDisagreement(int Row, string Text, IReadOnlyDictionary<string, string> Labels);

/// <summary>The request of <c>POST /api/labellings/{id}/export</c>.</summary>
/// <param name="KeepUnlabelled">Whether rows without a label, or without agreement, stay as they are; else they are left out.</param>
public sealed record LabelExportRequest(bool KeepUnlabelled = false);
