using Landfall.Inference.Constraints;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Sampling;

namespace Landfall.Inference.Serving;

/// <summary>What to continue, and how.</summary>
public sealed record GenerationRequest
{
    /// <summary>Token ids; at least one.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>How tokens are chosen; greedy by default.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Most tokens of the answer; default 1,024. The context's end comes first where it is nearer.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>Texts that end the answer; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>What the answer may be.</summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>An adapter of the base's matrices.</summary>
    public LoraAdapter? Lora { get; init; }

    /// <summary>Learned keys and values, or embeddings, before the prompt.</summary>
    public PrefixAdapter? Prefix { get; init; }

    /// <summary>Likeliest tokens to report with each token, 0 to 20; null: no log-probabilities at all.</summary>
    public int? TopLogProbabilities { get; init; }

    /// <summary>Whether special tokens show in the text: where marks of tool calls are looked for.</summary>
    public bool ShowSpecial { get; init; }

    /// <summary>On whose behalf: owners share the engine equally, however many requests each has.</summary>
    public string Owner { get; init; } = "";
}

/// <summary>One token of an answer.</summary>
/// <param name="Token">Its id; -1 for the last piece of text where the end shows no token.</param>
/// <param name="Text">What may be shown now: text whose characters are whole and that is not the beginning of a stop text.</param>
public sealed record GeneratedToken(int Token, string Text)
{
    /// <summary>The token's and the likeliest tokens' log-probabilities, where asked for.</summary>
    public LogProbabilities? LogProbabilities { get; init; }

    /// <summary>Set on the last one.</summary>
    public GenerationEnd? End { get; init; }
}

/// <summary>How an answer ended, and what it took.</summary>
/// <param name="Reason">Why.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">Those of them that an earlier request had computed.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
/// <param name="PromptTime">From the request's admission to its first token.</param>
/// <param name="CompletionTime">From the first token to the last.</param>
public sealed record GenerationEnd(FinishReason Reason, int PromptTokens, int CachedTokens, int CompletionTokens, TimeSpan PromptTime, TimeSpan CompletionTime);

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it, a stop text came, or the constraint was complete.</summary>
    Stop,

    /// <summary>The limit of tokens, or the end of the context.</summary>
    Length,
}
