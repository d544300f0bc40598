using System.Numerics.Tensors;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Kernels;

namespace Landfall.Inference.Models;

/// <summary>
/// BERT's encoder (Devlin et al., arXiv 1810.04805): each token sees all of its text, before and after it. Texts of a batch
/// are packed one after another, without padding. For one thread at a time.
/// </summary>
internal sealed class Encoder(ModelConfig config, EncoderWeights weights, ComputePool pool)
{
    /// <summary>Hidden states of the last layer.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <returns><c>[all tokens, hidden]</c>, text after text.</returns>
    public float[] Forward(IReadOnlyList<int[]> texts)
    {
        var hidden = config.HiddenSize;
        var states = Embed(texts);
        var tokens = states.Length / hidden;
        Norm(states, weights.EmbeddingNorm);
        foreach (var layer in weights.Layers)
        {
            var query = Apply(layer.Query, states, tokens);
            var key = Apply(layer.Key, states, tokens);
            var value = Apply(layer.Value, states, tokens);
            var attended = Apply(layer.AttentionOutput, Attend(texts, query, key, value), tokens);
            VectorMath.Add(states, attended);
            Norm(states, layer.AttentionNorm);

            var wide = Apply(layer.Up, states, tokens);
            VectorMath.Gelu(wide);
            var narrow = Apply(layer.Down, wide, tokens);
            VectorMath.Add(states, narrow);
            Norm(states, layer.OutputNorm);
        }

        return states;
    }

    private float[] Embed(IReadOnlyList<int[]> texts)
    {
        var hidden = config.HiddenSize;
        var states = new float[texts.Sum(t => t.Length) * hidden];
        var kind = new float[hidden];
        var place = new float[hidden];
        BlockCodec.Decode(weights.TokenTypeEmbedding.Type, weights.TokenTypeEmbedding.Row(0), kind);
        var row = 0;
        foreach (var text in texts)
        {
            for (var position = 0; position < text.Length; position++)
            {
                var state = states.AsSpan(row++ * hidden, hidden);
                BlockCodec.Decode(weights.TokenEmbedding.Type, weights.TokenEmbedding.Row(text[position]), state);
                BlockCodec.Decode(weights.PositionEmbedding.Type, weights.PositionEmbedding.Row(position), place);
                VectorMath.Add(state, place);
                VectorMath.Add(state, kind);
            }
        }

        return states;
    }

    private float[] Apply(Linear linear, ReadOnlySpan<float> input, int tokens)
    {
        var output = new float[tokens * linear.Weight.Rows];
        MatMul.Multiply(linear.Weight, input, output, tokens, pool);
        for (var token = 0; linear.Bias is not null && token < tokens; token++)
        {
            VectorMath.Add(output.AsSpan(token * linear.Weight.Rows, linear.Weight.Rows), linear.Bias);
        }

        return output;
    }

    private float[] Attend(IReadOnlyList<int[]> texts, float[] query, float[] key, float[] value)
    {
        var output = new float[query.Length];
        var tasks = new List<(int First, int Count, int Head)>();
        var row = 0;
        foreach (var text in texts)
        {
            for (var head = 0; head < config.HeadCount; head++)
            {
                tasks.Add((row, text.Length, head));
            }

            row += text.Length;
        }

        pool.Run(tasks.Count, index => AttendHead(tasks[index], query, key, value, output));
        return output;
    }

    private void AttendHead((int First, int Count, int Head) task, float[] query, float[] key, float[] value, float[] output)
    {
        var size = config.HeadSize;
        var scale = 1f / MathF.Sqrt(size);
        var scores = new float[task.Count];
        for (var from = 0; from < task.Count; from++)
        {
            var vector = Head(query, from);
            for (var to = 0; to < task.Count; to++)
            {
                scores[to] = scale * TensorPrimitives.Dot<float>(vector, Head(key, to));
            }

            VectorMath.Softmax(scores);
            var sum = Head(output, from);
            for (var to = 0; to < task.Count; to++)
            {
                VectorMath.AddScaled(sum, Head(value, to), scores[to]);
            }
        }

        Span<float> Head(float[] vectors, int token) => vectors.AsSpan(((task.First + token) * config.QueryWidth) + (task.Head * size), size);
    }

    private void Norm(Span<float> states, LayerNorm norm)
    {
        for (var start = 0; start < states.Length; start += config.HiddenSize)
        {
            var state = states.Slice(start, config.HiddenSize);
            VectorMath.LayerNorm(state, norm.Weight, norm.Bias, config.NormEpsilon, state);
        }
    }
}
