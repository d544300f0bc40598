using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>Reads a Hugging Face <c>config.json</c>.</summary>
public static class HuggingFaceConfig
{
    /// <summary>The configuration that a <c>config.json</c> says.</summary>
    /// <exception cref="ModelFormatException">It is damaged, of an architecture that is not read, or asks for what is not done.</exception>
    public static ModelConfig Read(string path) => ReadWithBiases(path).Config;

    /// <summary>The configuration, and which linear layers of a decoder have biases.</summary>
    internal static (ModelConfig Config, Biases Biases) ReadWithBiases(string path)
    {
        using var json = JsonFile.Open(path);
        var settings = json.Root;
        var family = Family(settings);
        if (family == ModelFamily.Bert)
        {
            return (ConfigLimits.Check(path, Encoder(settings)), default);
        }

        var allAttention = family is ModelFamily.Llama or ModelFamily.Qwen3 && settings.FindBool("attention_bias") == true;
        var biases = new Biases(allAttention || family == ModelFamily.Qwen2, allAttention, settings.FindBool("mlp_bias") == true);
        return (ConfigLimits.Check(path, Decoder(settings, family)), biases);
    }

    private static ModelFamily Family(JsonSettings settings) => settings.FindText("model_type") switch
    {
        "llama" => ModelFamily.Llama,
        "mistral" => ModelFamily.Mistral,
        "qwen2" => ModelFamily.Qwen2,
        "qwen3" => ModelFamily.Qwen3,
        "bert" => ModelFamily.Bert,
        _ => throw settings.Wrong("model_type", "llama, mistral, qwen2, qwen3 or bert"),
    };

    private static ModelConfig Decoder(JsonSettings settings, ModelFamily family)
    {
        ExpectOnly(settings, "hidden_act", "silu");
        var hidden = settings.Int("hidden_size", 1, ConfigLimits.Width);
        var heads = settings.Int("num_attention_heads", 1, ConfigLimits.Heads);
        var layers = settings.Int("num_hidden_layers", 1, ConfigLimits.Layers);
        var headSize = settings.FindInt("head_dim", 2, ConfigLimits.Width) ?? (hidden % heads == 0
            ? hidden / heads
            : throw settings.Wrong("hidden_size", $"a multiple of the {heads} attention heads, or 'head_dim',"));
        var (window, first) = SlidingWindow(settings, family, layers);
        var context = settings.FindInt("max_position_embeddings", 1, ConfigLimits.Context) ?? 2048;
        var rope = HuggingFaceRope.Read(settings, headSize, context);
        return new ModelConfig
        {
            Family = family,
            VocabularySize = settings.Int("vocab_size", 1, ConfigLimits.Vocabulary),
            HiddenSize = hidden,
            IntermediateSize = settings.Int("intermediate_size", 1, ConfigLimits.Width),
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = settings.FindInt("num_key_value_heads", 1, heads) ?? heads,
            HeadSize = headSize,
            ContextLength = HuggingFaceRope.ContextLength(rope, context),
            NormEpsilon = settings.FindFloat("rms_norm_eps", 0, 1) ?? 1e-6f,
            Rope = rope,
            SlidingWindow = window,
            FirstSlidingLayer = first,
            TiedEmbeddings = settings.FindBool("tie_word_embeddings") ?? false,
            // Qwen names a begin token that it never puts before a text.
            BeginToken = family is ModelFamily.Qwen2 or ModelFamily.Qwen3 ? null : settings.FindInt("bos_token_id", 0, ConfigLimits.Vocabulary),
            EndTokens = settings.FindInts("eos_token_id", 0, ConfigLimits.Vocabulary) ?? [],
        };
    }

    private static ModelConfig Encoder(JsonSettings settings)
    {
        ExpectOnly(settings, "hidden_act", "gelu");
        ExpectOnly(settings, "position_embedding_type", "absolute");
        var hidden = settings.Int("hidden_size", 1, ConfigLimits.Width);
        var heads = settings.Int("num_attention_heads", 1, ConfigLimits.Heads);
        return new ModelConfig
        {
            Family = ModelFamily.Bert,
            VocabularySize = settings.Int("vocab_size", 1, ConfigLimits.Vocabulary),
            HiddenSize = hidden,
            IntermediateSize = settings.Int("intermediate_size", 1, ConfigLimits.Width),
            LayerCount = settings.Int("num_hidden_layers", 1, ConfigLimits.Layers),
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadSize = Math.Max(hidden / heads, 1),
            ContextLength = settings.Int("max_position_embeddings", 1, ConfigLimits.Context),
            NormEpsilon = settings.FindFloat("layer_norm_eps", 0, 1) ?? 1e-12f,
            TokenTypeCount = settings.FindInt("type_vocab_size", 1, ConfigLimits.Vocabulary) ?? 2,
        };
    }

    private static (int? Window, int FirstLayer) SlidingWindow(JsonSettings settings, ModelFamily family, int layers)
    {
        var used = family switch
        {
            ModelFamily.Mistral => true,
            ModelFamily.Qwen2 or ModelFamily.Qwen3 => settings.FindBool("use_sliding_window") ?? false,
            _ => false,
        };
        var window = settings.FindInt("sliding_window", 1, int.MaxValue);
        if (!used || window is null)
        {
            return (null, 0);
        }

        if (settings.FindTexts("layer_types") is not { } kinds)
        {
            return (window, family == ModelFamily.Mistral ? 0 : settings.FindInt("max_window_layers", 0, int.MaxValue) ?? 28);
        }

        var first = kinds.TakeWhile(kind => kind == "full_attention").Count();
        if (kinds.Count != layers || kinds.Skip(first).Any(kind => kind != "sliding_attention"))
        {
            throw settings.Wrong("layer_types", $"'full_attention' for the first and 'sliding_attention' for all following of {layers} layers");
        }

        return (first == layers ? null : window, first == layers ? 0 : first);
    }

    private static void ExpectOnly(JsonSettings settings, string name, string value)
    {
        if (settings.FindText(name) is { } found && found != value)
        {
            throw settings.Wrong(name, $"'{value}', which alone is computed,");
        }
    }

    /// <summary>Which linear layers have biases.</summary>
    /// <param name="QueryKeyValue">Query, key and value.</param>
    /// <param name="AttentionOutput">The attention's output.</param>
    /// <param name="FeedForward">Gate, up and down.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    internal readonly record struct Biases(bool QueryKeyValue, bool AttentionOutput, bool FeedForward);
}
