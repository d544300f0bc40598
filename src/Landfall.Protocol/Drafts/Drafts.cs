using Landfall.Protocol.Briefs;

namespace Landfall.Protocol.Drafts;

/// <summary>An uploaded data file of a draft.</summary>
/// <param name="FileName">The name it had where it came from; it gives the app its name, and the format by its ending.</param>
/// <param name="Sha256">The uploaded content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="TextField">The column of the input. Default: found by its name.</param>
/// <param name="ExpectedField">The column of the expected output, together with <paramref name="TextField"/>.</param>
/// <param name="Sheet">With a workbook: the sheet. Default: the first visible one with both columns.</param>
public sealed record DraftSource(string FileName, string Sha256, long Size, string? TextField = null, string? ExpectedField = null, string? Sheet = null);

/// <summary>The request of <c>POST /api/drafts</c>: exactly one of the two.</summary>
public sealed record DraftRequest
{
    /// <summary>Drafts a brief from this file.</summary>
    public DraftSource? Source { get; init; }

    /// <summary>Takes the brief and the files of this app's last landing. Where the app is landed from the console, its own draft is the answer.</summary>
    public string? App { get; init; }
}

/// <summary>The request of <c>PUT /api/drafts/{id}</c>.</summary>
/// <param name="Text">The brief's text.</param>
/// <param name="Revision">The revision that was edited: another one meanwhile is a conflict, and nothing is lost.</param>
public sealed record DraftChange(string Text, long Revision);

/// <summary>A draft in a list.</summary>
public sealed record DraftSummary
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The app's name as the brief has it, when that can be read.</summary>
    public string? App { get; init; }

    /// <summary>The file it was drafted from, when it was.</summary>
    public string? FileName { get; init; }

    /// <summary>Whether the app is landed from this draft.</summary>
    public bool IsLanded { get; init; }

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Who changed it last.</summary>
    public required string ChangedBy { get; init; }
}

/// <summary>
/// A brief with its files, kept by the server: the console's counterpart of an app's folder. It is landed by its
/// <see cref="Origin"/> as a folder is by its own.
/// </summary>
public sealed record Draft
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Raised by every change.</summary>
    public required long Revision { get; init; }

    /// <summary>The text of <c>brief.yaml</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The files that the text may name, by path.</summary>
    public required IReadOnlyDictionary<string, FileReference> Files { get; init; }

    /// <summary>The identity to land with.</summary>
    public required string Origin { get; init; }

    /// <summary>The file it was drafted from.</summary>
    public DraftSource? Source { get; init; }

    /// <summary>The app whose brief it is a copy of, when that one is landed from elsewhere: landing the draft takes the name over.</summary>
    public string? CopyOf { get; init; }

    /// <summary>What was assumed and why, one sentence each.</summary>
    public IReadOnlyList<string> Assumptions { get; init => field = value ?? []; } = [];

    /// <summary>When it was last changed.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>Who changed it last.</summary>
    public required string ChangedBy { get; init; }
}
