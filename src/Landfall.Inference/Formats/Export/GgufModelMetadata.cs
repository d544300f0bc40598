using Landfall.Inference.Models;

namespace Landfall.Inference.Formats.Export;

/// <summary>Says a configuration in GGUF's keys.</summary>
internal static class GgufModelMetadata
{
    /// <exception cref="ModelFormatException">The configuration holds what GGUF has no key for.</exception>
    public static List<GgufEntry> Of(ModelFiles model)
    {
        var config = model.Config;
        var architecture = config.Family switch
        {
            ModelFamily.Llama or ModelFamily.Mistral => "llama",
            ModelFamily.Qwen2 => "qwen2",
            ModelFamily.Qwen3 => "qwen3",
            _ => "bert",
        };
        var entries = new List<GgufEntry>
        {
            GgufEntry.Of("general.architecture", architecture),
            GgufEntry.Of("general.type", "model"),
            GgufEntry.Of($"{architecture}.vocab_size", config.VocabularySize),
            GgufEntry.Of($"{architecture}.context_length", config.ContextLength),
            GgufEntry.Of($"{architecture}.embedding_length", config.HiddenSize),
            GgufEntry.Of($"{architecture}.block_count", config.LayerCount),
            GgufEntry.Of($"{architecture}.feed_forward_length", config.IntermediateSize),
            GgufEntry.Of($"{architecture}.attention.head_count", config.HeadCount),
        };
        if (config.Pooling is { } pooling)
        {
            entries.Add(GgufEntry.Of($"{architecture}.pooling_type", pooling switch { Pooling.Mean => 1, Pooling.FirstToken => 2, _ => 3 }));
        }

        entries.AddRange(config.Family == ModelFamily.Bert ? Encoder(config) : Decoder(model, architecture));
        return entries;
    }

    private static List<GgufEntry> Encoder(ModelConfig config) =>
    [
        GgufEntry.Of("bert.attention.layer_norm_epsilon", config.NormEpsilon),
        GgufEntry.Of("bert.attention.causal", false),
        GgufEntry.Of("tokenizer.ggml.token_type_count", config.TokenTypeCount),
    ];

    private static List<GgufEntry> Decoder(ModelFiles model, string architecture)
    {
        var config = model.Config;
        var entries = new List<GgufEntry>
        {
            GgufEntry.Of($"{architecture}.attention.head_count_kv", config.KeyValueHeadCount),
            GgufEntry.Of($"{architecture}.attention.key_length", config.HeadSize),
            GgufEntry.Of($"{architecture}.attention.value_length", config.HeadSize),
            GgufEntry.Of($"{architecture}.attention.layer_norm_rms_epsilon", config.NormEpsilon),
            GgufEntry.Of($"{architecture}.rope.dimension_count", config.HeadSize),
            GgufEntry.Of($"{architecture}.rope.freq_base", config.Rope.Theta),
        };
        if (config.SlidingWindow is { } window)
        {
            // llama.cpp does not heed it for these architectures; up to the window's length the answers are the same.
            entries.Add(GgufEntry.Of($"{architecture}.attention.sliding_window", window));
            entries.Add(GgufEntry.Of($"{architecture}.attention.first_sliding_layer", config.FirstSlidingLayer));
        }

        entries.AddRange(Scaling(model.Tensors.File, config.Rope, $"{architecture}.rope.scaling."));
        return entries;
    }

    private static List<GgufEntry> Scaling(string file, RopeConfig rope, string prefix) => rope.Scaling switch
    {
        // Llama 3's is in the tensor rope_freqs.weight.
        RopeScaling.None or RopeScaling.Llama3 => [],
        RopeScaling.Linear => [GgufEntry.Of($"{prefix}type", "linear"), GgufEntry.Of($"{prefix}factor", rope.Factor)],
        RopeScaling.Yarn =>
        [
            GgufEntry.Of($"{prefix}type", "yarn"),
            GgufEntry.Of($"{prefix}factor", rope.Factor),
            GgufEntry.Of($"{prefix}original_context_length", rope.OriginalContextLength),
            GgufEntry.Of($"{prefix}yarn_beta_fast", rope.BetaFast),
            GgufEntry.Of($"{prefix}yarn_beta_slow", rope.BetaSlow),
            .. rope.AttentionFactor is { } attention ? [GgufEntry.Of($"{prefix}attn_factor", attention / ((0.1f * MathF.Log(rope.Factor)) + 1))] : Array.Empty<GgufEntry>(),
        ],
        _ => throw new ModelFormatException(file, "the model's RoPE scaling is dynamic, which GGUF has no key for; export it as a Hugging Face folder."),
    };
}
