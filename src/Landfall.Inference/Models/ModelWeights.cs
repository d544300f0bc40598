using Landfall.Inference.Tensors;

namespace Landfall.Inference.Models;

/// <summary>
/// A decoder's weights by their places. Matrices stay where they lie (a mapped file); vectors are small and copied.
/// Shapes as <c>[rows, columns]</c>: a matrix maps <c>columns</c> inputs to <c>rows</c> outputs.
/// </summary>
public sealed record ModelWeights
{
    /// <summary><c>[vocabulary, hidden]</c></summary>
    public required Tensor TokenEmbedding { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<LayerWeights> Layers { get; init; }

    /// <summary><c>[hidden]</c></summary>
    public required float[] OutputNorm { get; init; }

    /// <summary><c>[vocabulary, hidden]</c>; the token embedding itself where they are tied.</summary>
    public required Tensor Output { get; init; }
}

/// <summary>One layer's weights.</summary>
public sealed record LayerWeights
{
    /// <summary><c>[hidden]</c></summary>
    public required float[] AttentionNorm { get; init; }

    /// <summary><c>[heads * head, hidden]</c></summary>
    public required Linear Query { get; init; }

    /// <summary><c>[key-value heads * head, hidden]</c></summary>
    public required Linear Key { get; init; }

    /// <summary><c>[key-value heads * head, hidden]</c></summary>
    public required Linear Value { get; init; }

    /// <summary><c>[hidden, heads * head]</c></summary>
    public required Linear AttentionOutput { get; init; }

    /// <summary><c>[head]</c>: Qwen3's norm of each query head before it is turned.</summary>
    public float[]? QueryNorm { get; init; }

    /// <summary><c>[head]</c></summary>
    public float[]? KeyNorm { get; init; }

    /// <summary><c>[hidden]</c></summary>
    public required float[] FeedForwardNorm { get; init; }

    /// <summary><c>[intermediate, hidden]</c></summary>
    public required Linear Gate { get; init; }

    /// <summary><c>[intermediate, hidden]</c></summary>
    public required Linear Up { get; init; }

    /// <summary><c>[hidden, intermediate]</c></summary>
    public required Linear Down { get; init; }
}

/// <summary>A matrix with an optional bias, one value per row.</summary>
public sealed record Linear(Tensor Weight, float[]? Bias = null);

/// <summary>A BERT-style encoder's weights (Devlin et al., arXiv 1810.04805): learned positions, layer norms after each part.</summary>
public sealed record EncoderWeights
{
    /// <summary><c>[vocabulary, hidden]</c></summary>
    public required Tensor TokenEmbedding { get; init; }

    /// <summary><c>[positions, hidden]</c></summary>
    public required Tensor PositionEmbedding { get; init; }

    /// <summary><c>[token types, hidden]</c></summary>
    public required Tensor TokenTypeEmbedding { get; init; }

    /// <summary>The norm of the summed embeddings.</summary>
    public required LayerNorm EmbeddingNorm { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<EncoderLayerWeights> Layers { get; init; }
}

/// <summary>One encoder layer's weights; each matrix has a bias.</summary>
public sealed record EncoderLayerWeights(
    Linear Query, Linear Key, Linear Value, Linear AttentionOutput, LayerNorm AttentionNorm, Linear Up, Linear Down, LayerNorm OutputNorm);

/// <summary>A layer norm's gain and shift, both <c>[hidden]</c>.</summary>
public sealed record LayerNorm(float[] Weight, float[] Bias);
