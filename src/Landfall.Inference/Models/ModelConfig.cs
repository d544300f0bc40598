namespace Landfall.Inference.Models;

/// <summary>Families whose weights are read. What they differ in is in <see cref="ModelConfig"/>'s other members.</summary>
public enum ModelFamily
{
    /// <summary>Llama 2 and 3.</summary>
    Llama,
    /// <summary>Mistral: Llama with a sliding window.</summary>
    Mistral,
    /// <summary>Qwen2 and 2.5: biases on query, key and value.</summary>
    Qwen2,
    /// <summary>Qwen3: norms on each query and key head.</summary>
    Qwen3,

    /// <summary>An encoder, for embeddings.</summary>
    Bert,
}

/// <summary>A transformer's shape and choices: an architecture is this data, not a class.</summary>
public sealed record ModelConfig
{
    /// <summary>The family; what follows from it is in the other members.</summary>
    public required ModelFamily Family { get; init; }

    /// <summary>Rows of the token embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the hidden states.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Heads of keys and values; fewer than <see cref="HeadCount"/> with grouped-query attention.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Width of one head; not always <see cref="HiddenSize"/> / <see cref="HeadCount"/>.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Tokens that the model was made for.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Added to the mean square (or variance) under the norms' root.</summary>
    public float NormEpsilon { get; init; } = 1e-5f;

    /// <summary>Rotary positions.</summary>
    public RopeConfig Rope { get; init; } = new();

    /// <summary>Tokens that a position sees, itself included; null: all before it.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>The first layer that <see cref="SlidingWindow"/> holds for (Qwen2's <c>max_window_layers</c>).</summary>
    public int FirstSlidingLayer { get; init; }

    /// <summary>Whether the output projection is the token embedding.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>The token that prompts begin with, where there is one.</summary>
    public int? BeginToken { get; init; }

    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlyList<int> EndTokens { get; init; } = [];

    /// <summary>BERT only: kinds of tokens (segments).</summary>
    public int TokenTypeCount { get; init; }

    /// <summary>How an embedding is made of the hidden states where the model says it.</summary>
    public Pooling? Pooling { get; init; }

    /// <summary>Width of all query heads.</summary>
    public int QueryWidth => HeadCount * HeadSize;

    /// <summary>Width of all key heads, and of all value heads.</summary>
    public int KeyValueWidth => KeyValueHeadCount * HeadSize;
}

/// <summary>How hidden states become one vector.</summary>
public enum Pooling
{
    /// <summary>The mean of all.</summary>
    Mean,
    /// <summary>The last token's.</summary>
    LastToken,

    /// <summary>The first token's, BERT's <c>[CLS]</c>.</summary>
    FirstToken,
}

/// <summary>Rotary position embedding (Su et al., RoFormer, arXiv 2104.09864) and how it is stretched.</summary>
public sealed record RopeConfig
{
    /// <summary>The base of the frequencies.</summary>
    public float Theta { get; init; } = 10_000f;

    /// <summary>Which values of a head turn together.</summary>
    public RopeLayout Layout { get; init; } = RopeLayout.HalfSplit;

    /// <summary>How frequencies are stretched.</summary>
    public RopeScaling Scaling { get; init; } = RopeScaling.None;

    /// <summary>By how much.</summary>
    public float Factor { get; init; } = 1f;

    /// <summary>The context before stretching (<c>original_max_position_embeddings</c>); 0: not given.</summary>
    public int OriginalContextLength { get; init; }

    /// <summary>Llama 3: <c>low_freq_factor</c>.</summary>
    public float LowFrequencyFactor { get; init; } = 1f;

    /// <summary>Llama 3: <c>high_freq_factor</c>.</summary>
    public float HighFrequencyFactor { get; init; } = 4f;

    /// <summary>YaRN (arXiv 2309.00071): <c>beta_fast</c>.</summary>
    public float BetaFast { get; init; } = 32f;

    /// <summary>YaRN: <c>beta_slow</c>.</summary>
    public float BetaSlow { get; init; } = 1f;

    /// <summary>YaRN: scale of the attention's logits; null: 0.1 ln(factor) + 1.</summary>
    public float? AttentionFactor { get; init; }

    /// <summary>Divisors of the frequencies, one per pair, where a GGUF file carries them (<c>rope_freqs.weight</c>).</summary>
    public IReadOnlyList<float>? FrequencyDivisors { get; init; }
}

/// <summary>Which values of a head turn together.</summary>
public enum RopeLayout
{
    /// <summary><c>i</c> and <c>i + head / 2</c>: Hugging Face's weights, and Qwen in GGUF.</summary>
    HalfSplit,

    /// <summary><c>2i</c> and <c>2i + 1</c>: Llama and Mistral in GGUF.</summary>
    Interleaved,
}

/// <summary>How rotary frequencies are stretched to a longer context.</summary>
public enum RopeScaling
{
    /// <summary>As the base says.</summary>
    None,

    /// <summary>Positions divided by the factor.</summary>
    Linear,

    /// <summary>NTK-aware, by the length of the context. A cached position keeps the base it was written with.</summary>
    Dynamic,

    /// <summary>Long waves divided, short ones kept, smooth between: Llama 3.1.</summary>
    Llama3,
    /// <summary>Wave by wave, with the attention's temperature raised (arXiv 2309.00071).</summary>
    Yarn,
}
