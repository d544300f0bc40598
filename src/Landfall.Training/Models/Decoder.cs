using Landfall.Inference.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>
/// The decoder of Llama, Mistral, Qwen2 and Qwen3, as Landfall.Inference runs it (Llama 2, arXiv 2307.09288; Mistral 7B, arXiv
/// 2310.06825; Qwen2, arXiv 2407.10671; Qwen3, arXiv 2505.09388), to be differentiated. They differ in data: biases that are
/// there or not, norms on query and key heads, a sliding window, how positions turn.
/// </summary>
internal sealed class Decoder : IDisposable
{
    /// <summary>The shape.</summary>
    public required ModelConfig Config { get; init; }

    /// <summary><c>[vocabulary, hidden]</c></summary>
    public required Tensor TokenEmbedding { get; init; }

    /// <summary>First to last.</summary>
    public required IReadOnlyList<DecoderLayer> Layers { get; init; }

    /// <summary><c>[hidden]</c></summary>
    public required Tensor OutputNorm { get; init; }

    /// <summary>The output projection, <c>[vocabulary, hidden]</c>; null: the token embedding.</summary>
    public Tensor? Output { get; init; }

    /// <summary>The type of matrix products: F32, or BF16 with weights, norms and sums in F32.</summary>
    public required ScalarType ProductType { get; init; }

    /// <summary>On the processor, libtorch's attention is quicker in F32 than in BF16.</summary>
    private ScalarType AttentionType => TokenEmbedding.device_type == DeviceType.CPU ? ScalarType.Float32 : ProductType;

    /// <summary>Hidden states after the last norm.</summary>
    /// <param name="tokens"><c>[rows, length]</c></param>
    /// <param name="input">How the tokens lie.</param>
    /// <param name="adaptation">Virtual tokens; null: none.</param>
    /// <param name="wanted">The rows that are wanted, int64; null: all.</param>
    /// <param name="training">Whether dropout drops.</param>
    /// <param name="kept">Takes each layer's keys (turned) and values, <c>[tokens, key-value heads, head]</c>.</param>
    /// <returns><c>[wanted, hidden]</c>, F32.</returns>
    public Tensor Forward(Tensor tokens, PackedInput input, Adaptation? adaptation, Tensor? wanted, bool training, List<(Tensor Keys, Tensor Values)>? kept = null)
    {
        var states = TokenEmbedding.index_select(0, tokens.view(-1)).to(ScalarType.Float32);
        if (input.Order is { } order)
        {
            states = cat([adaptation!.Embeddings!, states]).index_select(0, order);
        }

        for (var layer = 0; layer < Layers.Count; layer++)
        {
            var weights = Layers[layer];
            var (query, key, value) = Heads(weights, Norm(states, weights.AttentionNorm).to(ProductType), input, training);
            kept?.Add((key, value));
            var attended = Attend(layer, query, key, value, input.Layout, adaptation?.KeysAndValues(layer));
            states = states + weights.AttentionOutput.Forward(attended, training);
            if (wanted is not null && layer == Layers.Count - 1)
            {
                // Nobody looks at the other tokens any more.
                states = states.index_select(0, wanted);
            }

            states = states + FeedForward(weights, Norm(states, weights.FeedForwardNorm).to(ProductType), training);
        }

        return Norm(states, OutputNorm);
    }

    /// <summary>Logits, <c>[rows, vocabulary]</c>, F32.</summary>
    /// <param name="hidden">Hidden states after the last norm, <c>[rows, hidden]</c>.</param>
    public Tensor Project(Tensor hidden) => nn.functional.linear(hidden.to(ProductType), (Output ?? TokenEmbedding).to(ProductType)).to(ScalarType.Float32);

    /// <summary>The sum of the cross-entropy of the projected hidden states, a scalar, F32.</summary>
    /// <param name="hidden">Hidden states after the last norm, <c>[rows, hidden]</c>.</param>
    /// <param name="targets"><c>[rows]</c>, int64.</param>
    public Tensor CrossEntropy(Tensor hidden, Tensor targets) => ProjectedCrossEntropy.Sum(hidden, Output ?? TokenEmbedding, targets, ProductType);

    public void Dispose()
    {
        TokenEmbedding.Dispose();
        OutputNorm.Dispose();
        Output?.Dispose();
        foreach (var layer in Layers)
        {
            layer.Dispose();
        }
    }

    /// <summary>Queries and keys, turned by their positions, and values, each <c>[tokens, heads, head]</c>.</summary>
    private (Tensor Query, Tensor Key, Tensor Value) Heads(DecoderLayer weights, Tensor normed, PackedInput input, bool training)
    {
        var query = weights.Query.Forward(normed, training).view(-1, Config.HeadCount, Config.HeadSize);
        var key = weights.Key.Forward(normed, training).view(-1, Config.KeyValueHeadCount, Config.HeadSize);
        var value = weights.Value.Forward(normed, training).view(-1, Config.KeyValueHeadCount, Config.HeadSize);
        query = weights.QueryNorm is null ? query : Norm(query, weights.QueryNorm);
        key = weights.KeyNorm is null ? key : Norm(key, weights.KeyNorm);
        return (Rotation.Turn(query, input.Cosines, input.Sines).to(AttentionType), Rotation.Turn(key, input.Cosines, input.Sines).to(AttentionType), value.to(AttentionType));
    }

    /// <summary>Grouped-query attention (arXiv 2305.13245) within each segment.</summary>
    /// <param name="layer">The layer's number.</param>
    /// <param name="query"><c>[tokens, heads, head]</c></param>
    /// <param name="key"><c>[tokens, key-value heads, head]</c></param>
    /// <param name="value"><c>[tokens, key-value heads, head]</c></param>
    /// <param name="layout">The segments.</param>
    /// <param name="prefix">Learned keys and values that every token sees.</param>
    /// <returns><c>[tokens, heads * head]</c></returns>
    private Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, BatchLayout layout, (Tensor Keys, Tensor Values)? prefix)
    {
        if (!layout.IsIdentity)
        {
            (query, key, value) = (query.index_select(0, layout.Places), key.index_select(0, layout.Places), value.index_select(0, layout.Places));
        }

        var window = layer >= Config.FirstSlidingLayer ? Config.SlidingWindow : null;
        var first = 0L;
        var attended = new List<Tensor>();
        foreach (var group in layout.Groups)
        {
            long places = group.Count * group.Length;
            var (keys, values) = (ByHead(key.narrow(0, first, places), group, prefix?.Keys), ByHead(value.narrow(0, first, places), group, prefix?.Values));
            var mask = layout.Mask(group.Length, (int)(prefix?.Keys.shape[0] ?? 0), window);
            var result = nn.functional.scaled_dot_product_attention(ByHead(query.narrow(0, first, places), group, null), keys, values, mask, is_casual: mask is null);
            attended.Add(result.transpose(1, 2).reshape(places, Config.QueryWidth));
            first += places;
        }

        var joined = attended is [var only] ? only : cat(attended);
        return (layout.IsIdentity ? joined : joined.index_select(0, layout.Back)).to(ProductType);
    }

    /// <summary>Vectors of a group's segments by heads; key-value heads as often as query heads share them.</summary>
    /// <param name="vectors"><c>[count * length, heads, head]</c></param>
    /// <param name="group">The segments.</param>
    /// <param name="prefix">Learned vectors before each segment, <c>[virtual tokens, heads, head]</c>.</param>
    /// <returns><c>[count, query heads, virtual tokens + length, head]</c></returns>
    private Tensor ByHead(Tensor vectors, SegmentGroup group, Tensor? prefix)
    {
        var (count, heads, size) = (group.Count, vectors.shape[1], vectors.shape[2]);
        var split = vectors.view(count, group.Length, heads, size);
        if (prefix is not null)
        {
            split = cat([prefix.to(vectors.dtype).unsqueeze(0).expand(count, -1, -1, -1), split], dim: 1);
        }

        var byHead = split.transpose(1, 2);
        var shared = Config.HeadCount / heads;
        return shared == 1 ? byHead : byHead.unsqueeze(2).expand(-1, -1, shared, -1, -1).reshape(count, Config.HeadCount, -1, size);
    }

    /// <summary>SwiGLU (Shazeer, arXiv 2002.05202).</summary>
    private static Tensor FeedForward(DecoderLayer weights, Tensor normed, bool training) =>
        weights.Down.Forward(nn.functional.silu(weights.Gate.Forward(normed, training)) * weights.Up.Forward(normed, training), training);

    /// <summary>RMSNorm (Zhang and Sennrich, arXiv 1910.07467) of the last dimension, in F32.</summary>
    private Tensor Norm(Tensor input, Tensor weight)
    {
        var values = input.to(ScalarType.Float32);
        return values * rsqrt(values.square().mean([-1], keepdim: true) + Config.NormEpsilon) * weight;
    }
}

/// <summary>One layer.</summary>
internal sealed class DecoderLayer : IDisposable
{
    /// <summary><c>[hidden]</c></summary>
    public required Tensor AttentionNorm { get; init; }

    /// <summary><c>[heads * head, hidden]</c></summary>
    public required LinearLayer Query { get; set; }

    /// <summary><c>[key-value heads * head, hidden]</c></summary>
    public required LinearLayer Key { get; set; }

    /// <summary><c>[key-value heads * head, hidden]</c></summary>
    public required LinearLayer Value { get; set; }

    /// <summary><c>[hidden, heads * head]</c></summary>
    public required LinearLayer AttentionOutput { get; set; }

    /// <summary><c>[head]</c>: Qwen3's norm of each query head before it is turned.</summary>
    public Tensor? QueryNorm { get; init; }

    /// <summary><c>[head]</c></summary>
    public Tensor? KeyNorm { get; init; }

    /// <summary><c>[hidden]</c></summary>
    public required Tensor FeedForwardNorm { get; init; }

    /// <summary><c>[intermediate, hidden]</c></summary>
    public required LinearLayer Gate { get; set; }

    /// <summary><c>[intermediate, hidden]</c></summary>
    public required LinearLayer Up { get; set; }

    /// <summary><c>[hidden, intermediate]</c></summary>
    public required LinearLayer Down { get; set; }

    public void Dispose()
    {
        foreach (var linear in new[] { Query, Key, Value, AttentionOutput, Gate, Up, Down })
        {
            linear.Dispose();
        }

        AttentionNorm.Dispose();
        FeedForwardNorm.Dispose();
        QueryNorm?.Dispose();
        KeyNorm?.Dispose();
    }
}
