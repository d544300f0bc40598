namespace Landfall.Inference.Sampling;

/// <summary>How the next token is chosen. The defaults are greedy.</summary>
public sealed record SamplingOptions
{
    /// <summary>0: the likeliest token. 0 to 2.</summary>
    public float Temperature { get; init; }

    /// <summary>Only so many likeliest tokens; 0: all.</summary>
    public int TopK { get; init; }

    /// <summary>The likeliest tokens that together have this probability (Holtzman et al., arXiv 1904.09751); 1: all.</summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Tokens of at least this share of the likeliest one's probability (arXiv 2407.01082); 0: all.</summary>
    public float MinP { get; init; }

    /// <summary>Locally typical sampling (Meister et al., arXiv 2202.00666); 1: off.</summary>
    public float TypicalP { get; init; } = 1f;

    /// <summary>Divides the logits of tokens that occurred (multiplies where negative; arXiv 1909.05858); 1: off.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Subtracted per occurrence in the answer so far (OpenAI's); -2 to 2.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Subtracted once for tokens in the answer so far (OpenAI's); -2 to 2.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Added to logits by token id; -100 and below forbids.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Same seed, same text; null: a random one.</summary>
    public ulong? Seed { get; init; }
}
