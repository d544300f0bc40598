using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>Reads a GGUF file's metadata as a configuration.</summary>
public static class GgufConfig
{
    /// <summary>The configuration that the metadata say.</summary>
    /// <param name="metadata">The file's keys and values.</param>
    /// <param name="frequencyDivisors">The values of <c>rope_freqs.weight</c>, where the file has that tensor.</param>
    /// <param name="tiedEmbeddings">Whether the file has no <c>output.weight</c>.</param>
    /// <exception cref="ModelFormatException">Keys are missing, of a wrong kind or range, or the architecture is not read.</exception>
    public static ModelConfig Read(GgufMetadata metadata, float[]? frequencyDivisors = null, bool tiedEmbeddings = false)
    {
        var architecture = metadata.Find<string>("general.architecture") ?? throw new ModelFormatException(metadata.File, "the metadata 'general.architecture' is missing.");
        var family = architecture switch
        {
            "llama" => ModelFamily.Llama,
            "mistral" or "mistral3" => ModelFamily.Mistral,
            "qwen2" => ModelFamily.Qwen2,
            "qwen3" => ModelFamily.Qwen3,
            "bert" => ModelFamily.Bert,
            _ => throw new ModelFormatException(metadata.File, $"the architecture '{architecture}' is not read; llama, mistral3, qwen2, qwen3 and bert are."),
        };
        var values = new GgufSettings(metadata, architecture);
        values.Refuse("attention.temperature_scale", "expert_count");
        var hidden = values.Int("embedding_length", 1, ConfigLimits.Width);
        var heads = values.Int("attention.head_count", 1, ConfigLimits.Heads);
        var vocabulary = values.FindInt("vocab_size", 1, ConfigLimits.Vocabulary) ?? metadata.Find<string[]>("tokenizer.ggml.tokens")?.Length
            ?? throw new ModelFormatException(metadata.File, $"the metadata '{architecture}.vocab_size' is missing, and so is 'tokenizer.ggml.tokens'.");
        var config = new ModelConfig
        {
            Family = family,
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = values.Int("feed_forward_length", 1, ConfigLimits.Width),
            LayerCount = values.Int("block_count", 1, ConfigLimits.Layers),
            HeadCount = heads,
            KeyValueHeadCount = values.FindInt("attention.head_count_kv", 1, heads) ?? heads,
            HeadSize = HeadSize(values, hidden, heads),
            ContextLength = values.Int("context_length", 1, ConfigLimits.Context),
            NormEpsilon = values.Float(family == ModelFamily.Bert ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon", 0, 1),
            TiedEmbeddings = tiedEmbeddings && family != ModelFamily.Bert,
        };
        return ConfigLimits.Check(metadata.File, family == ModelFamily.Bert ? AsEncoder(values, config) : AsDecoder(values, config, frequencyDivisors));
    }

    private static ModelConfig AsDecoder(GgufSettings values, ModelConfig config, float[]? divisors)
    {
        var turning = values.FindInt("rope.dimension_count", 1, ConfigLimits.Width);
        if (turning is not null && turning != config.HeadSize)
        {
            throw values.Wrong("rope.dimension_count", $"{config.HeadSize} (all values of a head turn)");
        }

        if (divisors is not null && (divisors.Length != config.HeadSize / 2 || divisors.Any(divisor => !(divisor > 0 && float.IsFinite(divisor)))))
        {
            throw new ModelFormatException(values.File, $"'rope_freqs.weight' must be {config.HeadSize / 2} numbers above zero, half a head's.") { Tensor = "rope_freqs.weight" };
        }

        var interleaved = config.Family is ModelFamily.Llama or ModelFamily.Mistral;
        var addsBegin = values.FindTokenizerBool("add_bos_token") ?? interleaved;
        return config with
        {
            Rope = Rope(values) with { Layout = interleaved ? RopeLayout.Interleaved : RopeLayout.HalfSplit, FrequencyDivisors = divisors },
            SlidingWindow = values.FindInt("attention.sliding_window", 1, int.MaxValue),
            FirstSlidingLayer = values.FindInt("attention.first_sliding_layer", 0, int.MaxValue) ?? 0,
            BeginToken = addsBegin ? values.FindToken("bos_token_id") : null,
            EndTokens = [.. new[] { "eos_token_id", "eot_token_id", "eom_token_id" }.Select(values.FindToken).OfType<int>().Distinct()],
        };
    }

    private static ModelConfig AsEncoder(GgufSettings values, ModelConfig config) => config with
    {
        TokenTypeCount = values.FindToken("token_type_count") ?? 2,
        Pooling = values.FindInt("pooling_type", 0, 4) switch { 1 => Pooling.Mean, 2 => Pooling.FirstToken, 3 => Pooling.LastToken, _ => null },
    };

    private static int HeadSize(GgufSettings values, int hidden, int heads)
    {
        var key = values.FindInt("attention.key_length", 1, ConfigLimits.Width);
        var value = values.FindInt("attention.value_length", 1, ConfigLimits.Width);
        if (key is null && hidden % heads != 0)
        {
            throw values.Wrong("embedding_length", $"a multiple of the {heads} heads, or 'attention.key_length',");
        }

        var size = key ?? hidden / heads;
        return value is null || value == size ? size : throw values.Wrong("attention.value_length", $"the width of keys, {size},");
    }

    private static RopeConfig Rope(GgufSettings values)
    {
        var rope = new RopeConfig { Theta = values.FindFloat("rope.freq_base", 1, 1e12) ?? 10_000f };
        var factor = values.FindFloat("rope.scaling.factor", 1e-3, 1e6);
        var kind = values.FindText("rope.scaling.type");
        if (kind is null && (values.FindFloat("rope.scale_linear", 1e-3, 1e6) ?? factor) is { } linear)
        {
            return linear == 1 ? rope : rope with { Scaling = RopeScaling.Linear, Factor = linear };
        }

        return kind switch
        {
            null or "none" => rope,
            "linear" => rope with { Scaling = RopeScaling.Linear, Factor = factor ?? throw values.Wrong("rope.scaling.factor", "a number") },
            "yarn" => Yarn(values, rope, factor ?? throw values.Wrong("rope.scaling.factor", "a number")),
            _ => throw values.Wrong("rope.scaling.type", "none, linear or yarn"),
        };
    }

    private static RopeConfig Yarn(GgufSettings values, RopeConfig rope, float factor)
    {
        // GGUF's factor multiplies the usual scale of the logits, Hugging Face's takes its place.
        var attention = values.FindFloat("rope.scaling.attn_factor", 1e-3, 1e3);
        return rope with
        {
            Scaling = RopeScaling.Yarn,
            Factor = factor,
            OriginalContextLength = values.Int("rope.scaling.original_context_length", 1, ConfigLimits.Context),
            BetaFast = values.FindFloat("rope.scaling.yarn_beta_fast", 1e-3, 1e6) ?? 32,
            BetaSlow = values.FindFloat("rope.scaling.yarn_beta_slow", 1e-3, 1e6) ?? 1,
            AttentionFactor = attention is null ? null : attention * ((0.1f * MathF.Log(factor)) + 1),
        };
    }
}
