using System.Text.Json.Serialization;

namespace Landfall.Protocol.Prompts;

/// <summary>A version of a prompt; it never changes.</summary>
public sealed record PromptVersion
{
    /// <summary>The prompt's name.</summary>
    public required string Name { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Number { get; init; }

    /// <summary>The hash of the text: the version's identity.</summary>
    public required string Hash { get; init; }

    /// <summary>The text, with variables as <c>{{name}}</c>.</summary>
    public required string Text { get; init; }

    /// <summary>The names of its variables.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>What was said of it when it was added.</summary>
    public required string Note { get; init; }

    /// <summary>Who added it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The labels that are on it now.</summary>
    public required IReadOnlyList<string> Labels { get; init; }
}

/// <summary>A prompt, in short.</summary>
/// <param name="Newest">Its newest version.</param>
/// <param name="Labels">Each label with the hash of its version.</param>
public sealed record PromptSummary(PromptVersion Newest, IReadOnlyDictionary<string, string> Labels);

/// <summary>Something that was done to a prompt.</summary>
/// <param name="What"><c>added</c> or <c>labelled</c>.</param>
/// <param name="Hash">The version.</param>
/// <param name="Label">The label that was moved.</param>
/// <param name="Before">The version that it was on.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When.</param>
public sealed record PromptEvent(string What, string Hash, string? Label, string? Before, string By, DateTimeOffset At);

/// <summary>A prompt with its versions and its history, both newest first.</summary>
public sealed record PromptDetail(string Name, IReadOnlyList<PromptVersion> Versions, IReadOnlyList<PromptEvent> History);

/// <summary>The request that adds a version.</summary>
/// <param name="Text">The text, with variables as <c>{{name}}</c>.</param>
/// <param name="Note">What is new.</param>
public sealed record AddPromptRequest(string Text, string? Note);

/// <summary>The request that moves a label.</summary>
/// <param name="Version">A version's number, hash or label.</param>
public sealed record LabelPromptRequest(string Version);

/// <summary>What became of a line.</summary>
[JsonConverter(typeof(KebabEnumConverter<LineChange>))]
public enum LineChange
{
    /// <summary>It is in both.</summary>
    Same,

    /// <summary>It is in the newer only.</summary>
    Added,

    /// <summary>It is in the older only.</summary>
    Removed,
}

/// <summary>A line of a difference.</summary>
public sealed record DiffLine(LineChange Change, string Text);

/// <summary>The difference of two versions, line by line.</summary>
public sealed record PromptDiff(PromptVersion From, PromptVersion To, IReadOnlyList<DiffLine> Lines);

/// <summary>A question to a prompt and a model, outside of any app.</summary>
public sealed record PlaygroundRequest
{
    /// <summary>The endpoint; null: the default one.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The system prompt, with variables as <c>{{name}}</c>.</summary>
    public string? System { get; init; }

    /// <summary>Or a prompt of the registry: <c>name</c>, <c>name@label</c>, <c>name@3</c>.</summary>
    public string? Prompt { get; init; }

    /// <summary>The values of variables.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>What the user writes.</summary>
    public required string Text { get; init; }
}

/// <summary>An event of a playground's answer.</summary>
public sealed record PlaygroundEvent
{
    /// <summary><c>text</c> (more of the answer), <c>restart</c> (the answer broke off and begins anew), <c>done</c> or <c>error</c>.</summary>
    public required string Type { get; init; }

    /// <summary>With <c>text</c> its text, with <c>error</c> and <c>restart</c> what happened.</summary>
    public string? Text { get; init; }

    /// <summary>With <c>done</c>: the call, by which the exact request can be opened.</summary>
    public string? Call { get; init; }

    /// <summary>With <c>done</c>: milliseconds to the end of the answer.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>With <c>done</c>: US dollars.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>With <c>done</c>: tokens read.</summary>
    public long? PromptTokens { get; init; }

    /// <summary>With <c>done</c>: tokens written.</summary>
    public long? CompletionTokens { get; init; }
}
