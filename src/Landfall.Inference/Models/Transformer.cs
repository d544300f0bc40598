using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Kernels;
using Landfall.Inference.Serving;

namespace Landfall.Inference.Models;

/// <summary>
/// The decoder of Llama, Mistral, Qwen2 and Qwen3 (Llama 2, arXiv 2307.09288; Mistral 7B, arXiv 2310.06825; Qwen2, arXiv
/// 2407.10671; Qwen3, arXiv 2505.09388). They differ in data: biases that are there or not, norms on query and key heads,
/// a sliding window, how positions turn. One step takes tokens of several sequences: a prompt's next part here, one token
/// of an answer there; the matrices see them as one batch, attention each by itself. For one thread at a time.
/// </summary>
internal sealed class Transformer : IDisposable
{
    private readonly ModelConfig _config;
    private readonly ModelWeights _weights;
    private readonly KeyValueLayout _layout;
    private readonly ComputePool _pool;
    private readonly RopeTable _rope;
    private readonly Dictionary<int, RopeTable> _dynamicRopes = [];
    private readonly Scratch _scratch = new();
    private readonly PreparedInput _normed = new();

    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="layout">How the sequences' keys and values lie in their pages.</param>
    /// <param name="pool">Shares the work.</param>
    public Transformer(ModelConfig config, ModelWeights weights, KeyValueLayout layout, ComputePool pool)
    {
        _layout = layout;
        _config = config;
        _weights = weights;
        _pool = pool;
        _rope = new RopeTable(config.Rope, config.HeadSize, config.ContextLength);
    }

    /// <summary>
    /// Runs the parts' tokens through all layers, and fills their places in the cache.
    /// </summary>
    /// <param name="parts">Tokens of sequences; each sequence at most once.</param>
    /// <returns>Hidden states after the last norm, <c>[wanted tokens, hidden]</c>, in the parts' order; valid until the next step.</returns>
    public ReadOnlySpan<float> Forward(IReadOnlyList<BatchPart> parts)
    {
        var all = parts;
        var tokens = 0;
        var outputs = 0;
        foreach (var part in parts)
        {
            tokens += part.Tokens.Length;
            outputs += part.OutputCount;
        }

        var hidden = _config.HiddenSize;
        var states = _scratch.States.Take(tokens * hidden);
        Embed(parts, states);
        for (var layer = 0; layer < _config.LayerCount; layer++)
        {
            var weights = _weights.Layers[layer];
            var attended = Attend(layer, weights, parts, states, tokens);
            var projected = _scratch.Projected.Take(tokens * hidden);
            MatMul.Multiply(weights.AttentionOutput.Weight, attended, projected, tokens, _pool);
            Finish(weights.AttentionOutput, static l => l.AttentionOutput, layer, parts, attended, projected);
            TokenWork.Run(_pool, tokens, hidden, new AddWork(states, projected, hidden));

            var isLast = layer == _config.LayerCount - 1;
            if (isLast && outputs < tokens)
            {
                // Nobody looks at the other tokens any more: their keys and values are written.
                KeepWanted(parts, states, hidden);
                parts = WantedOnly(parts);
                tokens = outputs;
                states = states[..(tokens * hidden)];
            }

            FeedForward(layer, weights, parts, states, tokens);
        }

        foreach (var part in all)
        {
            part.Cache.Length += part.Tokens.Length;
        }

        var result = _scratch.Result.Take(outputs * hidden);
        Norm(states, _weights.OutputNorm, result, hidden);
        return result;
    }

    /// <summary>Logits of hidden states that <see cref="Forward"/> gave.</summary>
    /// <param name="hidden"><c>[count, hidden]</c></param>
    /// <param name="count">Hidden states.</param>
    /// <returns><c>[count, vocabulary]</c>, valid until the next call.</returns>
    public Span<float> Project(ReadOnlySpan<float> hidden, int count)
    {
        var logits = _scratch.Logits.Take(count * _weights.Output.Rows);
        MatMul.Multiply(_weights.Output, hidden, logits, count, _pool);
        return logits;
    }

    /// <summary>Lets its working memory go.</summary>
    public void Dispose() => _normed.Dispose();

    private void Embed(IReadOnlyList<BatchPart> parts, Span<float> states)
    {
        var hidden = _config.HiddenSize;
        var row = 0;
        foreach (var part in parts)
        {
            foreach (var token in part.Tokens.Span)
            {
                var state = states.Slice(row++ * hidden, hidden);
                if (token < 0)
                {
                    part.VirtualTokens.AsSpan((-1 - token) * hidden, hidden).CopyTo(state);
                }
                else
                {
                    BlockCodec.Decode(_weights.TokenEmbedding.Type, _weights.TokenEmbedding.Row(token), state);
                }
            }
        }
    }

    private Span<float> Attend(int layer, LayerWeights weights, IReadOnlyList<BatchPart> parts, ReadOnlySpan<float> states, int tokens)
    {
        var normed = _normed.Begin(tokens, _config.HiddenSize);
        Norm(states, weights.AttentionNorm, normed, _config.HiddenSize);
        var query = _scratch.Query.Take(tokens * _config.QueryWidth);
        var key = _scratch.Key.Take(tokens * _config.KeyValueWidth);
        var value = _scratch.Value.Take(tokens * _config.KeyValueWidth);
        MatMul.Multiply(weights.Query.Weight, query, weights.Key.Weight, key, weights.Value.Weight, value, _normed, _pool);
        Finish(weights.Query, static l => l.Query, layer, parts, normed, query);
        Finish(weights.Key, static l => l.Key, layer, parts, normed, key);
        Finish(weights.Value, static l => l.Value, layer, parts, normed, value);
        if (weights.QueryNorm is not null)
        {
            Norm(query, weights.QueryNorm, query, _config.QueryWidth);
            Norm(key, weights.KeyNorm!, key, _config.KeyValueWidth);
        }

        var row = 0;
        foreach (var part in parts)
        {
            var count = part.Tokens.Length;
            Turn(part, query.Slice(row * _config.QueryWidth, count * _config.QueryWidth), _config.QueryWidth);
            Turn(part, key.Slice(row * _config.KeyValueWidth, count * _config.KeyValueWidth), _config.KeyValueWidth);
            row += count;
        }

        var attended = _scratch.Attended.Take(tokens * _config.QueryWidth);
        var window = layer >= _config.FirstSlidingLayer ? _config.SlidingWindow : null;
        var shape = new AttentionShape(_layout, _config.HeadCount, 1f / MathF.Sqrt(_config.HeadSize), window);
        Attention.Run(shape, layer, parts, query, key, value, attended, _pool);
        return attended;
    }

    private void FeedForward(int layer, LayerWeights weights, IReadOnlyList<BatchPart> parts, Span<float> states, int tokens)
    {
        var hidden = _config.HiddenSize;
        var normed = _normed.Begin(tokens, hidden);
        Norm(states, weights.FeedForwardNorm, normed, hidden);
        var gate = _scratch.Gate.Take(tokens * _config.IntermediateSize);
        var up = _scratch.Up.Take(tokens * _config.IntermediateSize);
        MatMul.Multiply(weights.Gate.Weight, gate, weights.Up.Weight, up, _normed, _pool);
        Finish(weights.Gate, static l => l.Gate, layer, parts, normed, gate);
        Finish(weights.Up, static l => l.Up, layer, parts, normed, up);
        TokenWork.Run(_pool, tokens, _config.IntermediateSize, new GateWork(gate, up, _config.IntermediateSize));
        var projected = _scratch.Projected.Take(tokens * hidden);
        MatMul.Multiply(weights.Down.Weight, gate, projected, tokens, _pool);
        Finish(weights.Down, static l => l.Down, layer, parts, gate, projected);
        TokenWork.Run(_pool, tokens, hidden, new AddWork(states, projected, hidden));
    }

    /// <summary>Adds to a product what belongs to it: the bias, and the parts' adapters, <c>scale * B (A x)</c> (LoRA, arXiv 2106.09685).</summary>
    private void Finish(Linear linear, Func<LoraLayer, LoraPair?> place, int layer, IReadOnlyList<BatchPart> parts, ReadOnlySpan<float> input, Span<float> output)
    {
        var (inputs, outputs) = (linear.Weight.Columns, linear.Weight.Rows);
        for (var start = 0; linear.Bias is not null && start < output.Length; start += outputs)
        {
            VectorMath.Add(output.Slice(start, outputs), linear.Bias);
        }

        // Neighbours with the same adapter are one multiplication.
        var row = 0;
        for (var first = 0; first < parts.Count;)
        {
            var count = 0;
            var next = first;
            while (next < parts.Count && ReferenceEquals(parts[next].Lora, parts[first].Lora))
            {
                count += parts[next++].Tokens.Length;
            }

            if (parts[first].Lora is { } lora && place(lora.Layers[layer]) is { } pair)
            {
                var low = _scratch.Low.Take(count * pair.A.Rows);
                MatMul.Multiply(pair.A, input.Slice(row * inputs, count * inputs), low, count, _pool);
                var change = _scratch.Change.Take(count * outputs);
                MatMul.Multiply(pair.B, low, change, count, _pool);
                VectorMath.AddScaled(output.Slice(row * outputs, count * outputs), change, pair.Scale);
            }

            row += count;
            first = next;
        }
    }

    private void Norm(ReadOnlySpan<float> input, float[] weight, Span<float> output, int tokenWidth) =>
        TokenWork.Run(_pool, input.Length / tokenWidth, tokenWidth, new NormWork(input, weight, _config.NormEpsilon, output, tokenWidth));

    private void Turn(BatchPart part, Span<float> vectors, int width)
    {
        var rope = RopeOf(part);
        var (first, count) = (part.Cache.Length, part.Tokens.Length);
        rope.Reach(first + count);
        TokenWork.Run(_pool, count, width, new TurnWork(vectors, width, _config.HeadSize, first, rope, _config.Rope.Layout));
    }

    private RopeTable RopeOf(BatchPart part)
    {
        var length = Math.Max(part.PlannedLength, part.Cache.Length + part.Tokens.Length);
        var original = _config.Rope.OriginalContextLength > 0 ? _config.Rope.OriginalContextLength : _config.ContextLength;
        if (_config.Rope.Scaling != RopeScaling.Dynamic || length <= original)
        {
            return _rope;
        }

        if (!_dynamicRopes.TryGetValue(length, out var rope))
        {
            // Each length has frequencies of its own; only those in use are worth keeping.
            if (_dynamicRopes.Count >= 16)
            {
                _dynamicRopes.Clear();
            }

            _dynamicRopes.Add(length, rope = new RopeTable(_config.Rope, _config.HeadSize, _config.ContextLength, length));
        }

        return rope;
    }

    private static void KeepWanted(IReadOnlyList<BatchPart> parts, Span<float> states, int width)
    {
        var (from, to) = (0, 0);
        foreach (var part in parts)
        {
            var skipped = part.Tokens.Length - part.OutputCount;
            from += skipped;
            states.Slice(from * width, part.OutputCount * width).CopyTo(states[(to * width)..]);
            from += part.OutputCount;
            to += part.OutputCount;
        }
    }

    private static List<BatchPart> WantedOnly(IReadOnlyList<BatchPart> parts) =>
        [.. parts.Where(p => p.OutputCount > 0).Select(p => p with { Tokens = p.Tokens[^p.OutputCount..] })];

    /// <summary>Arrays that grow to what was needed most, and are used again in every layer and step.</summary>
    private sealed class Scratch
    {
        public Buffer States { get; } = new();

        public Buffer Result { get; } = new();

        public Buffer Query { get; } = new();

        public Buffer Key { get; } = new();

        public Buffer Value { get; } = new();

        public Buffer Attended { get; } = new();

        public Buffer Projected { get; } = new();

        public Buffer Gate { get; } = new();

        public Buffer Up { get; } = new();

        public Buffer Low { get; } = new();

        public Buffer Change { get; } = new();

        public Buffer Logits { get; } = new();
    }

    private sealed class Buffer
    {
        private float[] _values = [];

        public Span<float> Take(int length)
        {
            if (_values.Length < length)
            {
                _values = GC.AllocateUninitializedArray<float>(length, pinned: true);
            }

            return _values.AsSpan(0, length);
        }
    }
}
