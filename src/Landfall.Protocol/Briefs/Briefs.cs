using System.Text.Json.Serialization;

namespace Landfall.Protocol.Briefs;

/// <summary>How much a problem of a brief matters.</summary>
[JsonConverter(typeof(KebabEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>The brief cannot be landed.</summary>
    Error,

    /// <summary>It can, but the author should know.</summary>
    Warning,
}

/// <summary>One problem found in a brief.</summary>
/// <param name="Severity">Error or warning.</param>
/// <param name="Code">A stable kebab-case code, such as <c>unknown-metric</c> or <c>test-too-small</c>.</param>
/// <param name="Line">1-based line in <c>brief.yaml</c>; 0 when it belongs to the whole file.</param>
/// <param name="Field">The field's path, such as <c>targets[1].metric</c>; empty for the whole file.</param>
/// <param name="Message">What was found and what to do.</param>
public sealed record BriefProblem(Severity Severity, string Code, int Line, string Field, string Message);

/// <summary>What the client found at a path that a brief names.</summary>
[JsonConverter(typeof(KebabEnumConverter<FileState>))]
public enum FileState
{
    /// <summary>The file was uploaded; its hash is given.</summary>
    Present,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>The path, or a link on it, leaves the app's folder.</summary>
    Outside,

    /// <summary>The file is there but cannot be read.</summary>
    Unreadable,
}

/// <summary>A file that a brief names, as the client sees it.</summary>
/// <param name="State">What was found.</param>
/// <param name="Sha256">Lower-case hex hash, with <see cref="FileState.Present"/>.</param>
/// <param name="Size">Bytes.</param>
public sealed record FileReference(FileState State, string? Sha256, long Size);

/// <summary>A brief and the files it names.</summary>
public sealed record BriefSource
{
    /// <summary>The text of <c>brief.yaml</c>.</summary>
    public required string Text { get; init; }

    /// <summary>Files by the path written in the brief. Paths not listed are unknown yet.</summary>
    public IReadOnlyDictionary<string, FileReference> Files { get; init => field = value ?? new Dictionary<string, FileReference>(); } = new Dictionary<string, FileReference>();
}

/// <summary>The answer of <c>POST /api/briefs/check</c>.</summary>
/// <param name="Problems">All problems, by line.</param>
/// <param name="Files">The paths that the brief names: to be uploaded and listed in the next check or landing.</param>
/// <param name="App">The app's name, when it could be read.</param>
public sealed record BriefCheckResponse(IReadOnlyList<BriefProblem> Problems, IReadOnlyList<string> Files, string? App)
{
    /// <summary>Whether the brief can be landed.</summary>
    [JsonIgnore]
    public bool IsValid => !Problems.Any(p => p.Severity == Severity.Error);
}

/// <summary>A starting point for a brief.</summary>
/// <param name="Name">Such as <c>label</c>, <c>text</c>, <c>json</c>, <c>document-qa</c>.</param>
/// <param name="Description">When to take it.</param>
/// <param name="Text">The brief's text, with comments.</param>
public sealed record BriefTemplate(string Name, string Description, string Text);

/// <summary>The request of <c>POST /api/briefs/draft</c>: a brief from data files alone.</summary>
/// <param name="FileName">The file's name, which gives the app its name unless <see cref="Name"/> does.</param>
/// <param name="Sha256">The uploaded file.</param>
public sealed record BriefDraftRequest(string FileName, string Sha256)
{
    /// <summary>Further files. Names with the words train, test or validation say what the rows are for; all others are split.</summary>
    public IReadOnlyList<DraftFile> MoreFiles { get; init => field = value ?? []; } = [];

    /// <summary>What gives the app its name, such as the folder's name.</summary>
    public string? Name { get; init; }
}

/// <summary>A data file of a draft.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="Sha256">The uploaded file.</param>
public sealed record DraftFile(string FileName, string Sha256);

/// <summary>A drafted brief.</summary>
/// <param name="Text">The brief's text. Its data paths are keys of <paramref name="Files"/>.</param>
/// <param name="Assumptions">What was assumed and why, one sentence each.</param>
/// <param name="Files">The files the drafted brief names (made from the given one).</param>
public sealed record BriefDraft(string Text, IReadOnlyList<string> Assumptions, IReadOnlyDictionary<string, FileReference> Files);
