using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>Puts a BERT-style encoder's tensors in their places.</summary>
internal sealed class EncoderReader(ModelConfig config, WeightReader weights, EncoderNames names)
{
    public EncoderWeights Read()
    {
        var layers = new List<EncoderLayerWeights>();
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            layers.Add(Layer(names.Layer(layer)));
        }

        return new EncoderWeights
        {
            TokenEmbedding = weights.Matrix($"{names.TokenEmbedding}.weight", config.VocabularySize, config.HiddenSize),
            PositionEmbedding = weights.Matrix($"{names.PositionEmbedding}.weight", config.ContextLength, config.HiddenSize),
            TokenTypeEmbedding = weights.Matrix($"{names.TokenTypeEmbedding}.weight", config.TokenTypeCount, config.HiddenSize),
            EmbeddingNorm = weights.Norm(names.EmbeddingNorm, config.HiddenSize),
            Layers = layers,
        };
    }

    private EncoderLayerWeights Layer(string layer)
    {
        var (hidden, wide) = (config.HiddenSize, config.IntermediateSize);
        return new EncoderLayerWeights(
            weights.Linear(layer + names.Query, hidden, hidden, bias: true),
            weights.Linear(layer + names.Key, hidden, hidden, bias: true),
            weights.Linear(layer + names.Value, hidden, hidden, bias: true),
            weights.Linear(layer + names.AttentionOutput, hidden, hidden, bias: true),
            weights.Norm(layer + names.AttentionNorm, hidden),
            weights.Linear(layer + names.Up, wide, hidden, bias: true),
            weights.Linear(layer + names.Down, hidden, wide, bias: true),
            weights.Norm(layer + names.OutputNorm, hidden));
    }
}

/// <summary>The names that a format gives an encoder's tensors, without <c>.weight</c> and <c>.bias</c>.</summary>
internal sealed record EncoderNames(string TokenEmbedding, string PositionEmbedding, string TokenTypeEmbedding, string EmbeddingNorm, Func<int, string> Layer)
{
    public required string Query { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }

    public required string AttentionOutput { get; init; }

    public required string AttentionNorm { get; init; }

    public required string Up { get; init; }

    public required string Down { get; init; }

    public required string OutputNorm { get; init; }

    /// <summary>llama.cpp's names.</summary>
    public static EncoderNames Gguf { get; } = new("token_embd", "position_embd", "token_types", "token_embd_norm", layer => $"blk.{layer}.")
    {
        Query = "attn_q",
        Key = "attn_k",
        Value = "attn_v",
        AttentionOutput = "attn_output",
        AttentionNorm = "attn_output_norm",
        Up = "ffn_up",
        Down = "ffn_down",
        OutputNorm = "layer_output_norm",
    };

    /// <summary>Transformers' names; models saved without a head lack the prefix <c>bert.</c></summary>
    public static EncoderNames HuggingFace(string prefix) => new(
        $"{prefix}embeddings.word_embeddings",
        $"{prefix}embeddings.position_embeddings",
        $"{prefix}embeddings.token_type_embeddings",
        $"{prefix}embeddings.LayerNorm",
        layer => $"{prefix}encoder.layer.{layer}.")
    {
        Query = "attention.self.query",
        Key = "attention.self.key",
        Value = "attention.self.value",
        AttentionOutput = "attention.output.dense",
        AttentionNorm = "attention.output.LayerNorm",
        Up = "intermediate.dense",
        Down = "output.dense",
        OutputNorm = "output.LayerNorm",
    };
}
