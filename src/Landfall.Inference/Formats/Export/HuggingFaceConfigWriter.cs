using System.Text.Json;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Export;

/// <summary>Writes a configuration as a <c>config.json</c>.</summary>
internal static class HuggingFaceConfigWriter
{
    public static byte[] Write(ModelFiles model, TensorType type)
    {
        var layer = model.Decoder?.Layers[0];
        var biases = new HuggingFaceConfig.Biases(layer?.Query.Bias is not null, layer?.AttentionOutput.Bias is not null, layer?.Up.Bias is not null);
        return Write(model.Config, biases, model.Tensors.File, type);
    }

    /// <param name="config">The configuration.</param>
    /// <param name="biases">Which linear layers of a decoder have biases.</param>
    /// <param name="file">For messages.</param>
    /// <param name="type">The weights' type.</param>
    public static byte[] Write(ModelConfig config, HuggingFaceConfig.Biases biases, string file, TensorType type)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            WriteShape(json, config, Family(config), type);
            if (config.Family == ModelFamily.Bert)
            {
                WriteEncoder(json, config);
            }
            else
            {
                WriteDecoder(json, config, biases);
                WriteRope(json, file, config);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>GGUF files of Mistral models say that they are Llama; a window gives them away.</summary>
    private static ModelFamily Family(ModelConfig config) => config is { Family: ModelFamily.Llama, SlidingWindow: not null } ? ModelFamily.Mistral : config.Family;

    private static void WriteShape(Utf8JsonWriter json, ModelConfig config, ModelFamily family, TensorType type)
    {
        var (name, architecture) = family switch
        {
            ModelFamily.Llama => ("llama", "LlamaForCausalLM"),
            ModelFamily.Mistral => ("mistral", "MistralForCausalLM"),
            ModelFamily.Qwen2 => ("qwen2", "Qwen2ForCausalLM"),
            ModelFamily.Qwen3 => ("qwen3", "Qwen3ForCausalLM"),
            _ => ("bert", "BertModel"),
        };
        json.WriteStartArray("architectures");
        json.WriteStringValue(architecture);
        json.WriteEndArray();
        json.WriteString("model_type", name);
        json.WriteString("torch_dtype", type switch { TensorType.F16 => "float16", TensorType.BF16 => "bfloat16", _ => "float32" });
        json.WriteNumber("vocab_size", config.VocabularySize);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("num_hidden_layers", config.LayerCount);
        json.WriteNumber("num_attention_heads", config.HeadCount);
    }

    private static void WriteEncoder(Utf8JsonWriter json, ModelConfig config)
    {
        json.WriteNumber("max_position_embeddings", config.ContextLength);
        json.WriteNumber("layer_norm_eps", config.NormEpsilon);
        json.WriteNumber("type_vocab_size", config.TokenTypeCount);
        json.WriteString("hidden_act", "gelu");
        json.WriteString("position_embedding_type", "absolute");
    }

    private static void WriteDecoder(Utf8JsonWriter json, ModelConfig config, HuggingFaceConfig.Biases biases)
    {
        json.WriteNumber("num_key_value_heads", config.KeyValueHeadCount);
        json.WriteNumber("head_dim", config.HeadSize);
        json.WriteNumber("rms_norm_eps", config.NormEpsilon);
        json.WriteString("hidden_act", "silu");
        json.WriteBoolean("tie_word_embeddings", config.TiedEmbeddings);
        json.WriteBoolean("attention_bias", biases.AttentionOutput || (config.Family == ModelFamily.Llama && biases.QueryKeyValue));
        json.WriteBoolean("mlp_bias", biases.FeedForward);
        WriteTokens(json, config);
        WriteWindow(json, config);
    }

    private static void WriteTokens(Utf8JsonWriter json, ModelConfig config)
    {
        if (config.BeginToken is { } begin)
        {
            json.WriteNumber("bos_token_id", begin);
        }

        json.WriteStartArray("eos_token_id");
        foreach (var token in config.EndTokens)
        {
            json.WriteNumberValue(token);
        }

        json.WriteEndArray();
    }

    private static void WriteWindow(Utf8JsonWriter json, ModelConfig config)
    {
        if (Family(config) == ModelFamily.Llama)
        {
            return;
        }

        json.WriteBoolean("use_sliding_window", config.SlidingWindow is not null);
        json.WriteNumber("max_window_layers", config.FirstSlidingLayer);
        if (config.SlidingWindow is { } window)
        {
            json.WriteNumber("sliding_window", window);
        }
        else
        {
            json.WriteNull("sliding_window");
        }
    }

    private static void WriteRope(Utf8JsonWriter json, string file, ModelConfig config)
    {
        var rope = config.Rope.FrequencyDivisors is null ? config.Rope : AsLlama3(file, config);
        json.WriteNumber("rope_theta", rope.Theta);
        json.WriteNumber("max_position_embeddings", rope.Scaling == RopeScaling.Dynamic ? rope.OriginalContextLength : config.ContextLength);
        if (rope.Scaling == RopeScaling.None)
        {
            json.WriteNull("rope_scaling");
            return;
        }

        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", rope.Scaling.ToString().ToLowerInvariant());
        json.WriteNumber("factor", rope.Factor);
        if (rope.Scaling is RopeScaling.Llama3 or RopeScaling.Yarn)
        {
            json.WriteNumber("original_max_position_embeddings", rope.OriginalContextLength);
        }

        if (rope.Scaling == RopeScaling.Llama3)
        {
            json.WriteNumber("low_freq_factor", rope.LowFrequencyFactor);
            json.WriteNumber("high_freq_factor", rope.HighFrequencyFactor);
        }
        else if (rope.Scaling == RopeScaling.Yarn)
        {
            json.WriteNumber("beta_fast", rope.BetaFast);
            json.WriteNumber("beta_slow", rope.BetaSlow);
            if (rope.AttentionFactor is { } attention)
            {
                json.WriteNumber("attention_factor", attention);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Finds the settings of Llama 3.1 and later that give a GGUF file's divisors.</summary>
    private static RopeConfig AsLlama3(string file, ModelConfig config)
    {
        var divisors = config.Rope.FrequencyDivisors!;
        for (var original = 16; original <= config.ContextLength; original *= 2)
        {
            var rope = config.Rope with { Scaling = RopeScaling.Llama3, Factor = divisors.Max(), OriginalContextLength = original, FrequencyDivisors = null };
            if (GgufExport.Llama3Divisors(rope, config.HeadSize).Zip(divisors).All(pair => MathF.Abs(pair.First - pair.Second) <= 1e-4f * pair.Second))
            {
                return rope;
            }
        }

        throw new ModelFormatException(file, "'rope_freqs.weight' is not Llama 3's scaling, and a Hugging Face configuration has no other place for it.") { Tensor = "rope_freqs.weight" };
    }
}
