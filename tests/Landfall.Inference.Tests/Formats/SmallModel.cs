using System.Text.Json.Nodes;

namespace Landfall.Inference.Formats;

/// <summary>Hugging Face folders of tiny models with random weights.</summary>
internal sealed class SmallModel
{
    public required JsonObject Config { get; init; }

    public required List<TensorOutput> Tensors { get; init; }

    public static TheoryData<string> Decoders => ["llama", "mistral", "qwen2", "qwen3"];

    /// <summary>Writes the folder, and gives back its path.</summary>
    public string Write(TemporaryFolder folder)
    {
        folder.Write("config.json", Config.ToJsonString());
        SafetensorsWriter.Write(folder["model.safetensors"], Tensors);
        return folder.Path;
    }

    public void Replace(string name, params long[] shape)
    {
        var index = Tensors.FindIndex(tensor => tensor.Name == name);
        Tensors[index] = TensorOutput.Of(name, new float[shape.Aggregate(1L, (a, b) => a * b)], shape);
    }

    public static SmallModel Decoder(string type, bool tied = false, string prefix = "model.", int hidden = 64, int wide = 96, int vocabulary = 40)
    {
        var random = new Random(17);
        const int Head = 16;
        var config = new JsonObject
        {
            ["model_type"] = type,
            ["vocab_size"] = vocabulary,
            ["hidden_size"] = hidden,
            ["intermediate_size"] = wide,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = hidden / Head,
            ["num_key_value_heads"] = hidden / Head / 2,
            ["head_dim"] = Head,
            ["max_position_embeddings"] = 128,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["tie_word_embeddings"] = tied,
            ["bos_token_id"] = 1,
            ["eos_token_id"] = 2,
            ["hidden_act"] = "silu",
        };
        var tensors = new List<TensorOutput> { Matrix(random, $"{prefix}embed_tokens.weight", vocabulary, hidden) };
        for (var layer = 0; layer < 2; layer++)
        {
            var at = $"{prefix}layers.{layer}.";
            tensors.Add(Matrix(random, $"{at}input_layernorm.weight", hidden));
            foreach (var (name, rows, columns) in new[]
            {
                ("q_proj", hidden, hidden), ("k_proj", hidden / 2, hidden), ("v_proj", hidden / 2, hidden), ("o_proj", hidden, hidden),
            })
            {
                tensors.Add(Matrix(random, $"{at}self_attn.{name}.weight", rows, columns));
                if (type == "qwen2" && name != "o_proj")
                {
                    tensors.Add(Matrix(random, $"{at}self_attn.{name}.bias", rows));
                }
            }

            if (type == "qwen3")
            {
                tensors.Add(Matrix(random, $"{at}self_attn.q_norm.weight", Head));
                tensors.Add(Matrix(random, $"{at}self_attn.k_norm.weight", Head));
            }

            tensors.Add(Matrix(random, $"{at}post_attention_layernorm.weight", hidden));
            tensors.Add(Matrix(random, $"{at}mlp.gate_proj.weight", wide, hidden));
            tensors.Add(Matrix(random, $"{at}mlp.up_proj.weight", wide, hidden));
            tensors.Add(Matrix(random, $"{at}mlp.down_proj.weight", hidden, wide));
        }

        tensors.Add(Matrix(random, $"{prefix}norm.weight", hidden));
        if (!tied && prefix.Length > 0)
        {
            tensors.Add(Matrix(random, "lm_head.weight", vocabulary, hidden));
        }

        return new SmallModel { Config = config, Tensors = tensors };
    }

    public static SmallModel Encoder(string prefix)
    {
        var random = new Random(18);
        var config = new JsonObject
        {
            ["model_type"] = "bert",
            ["vocab_size"] = 40,
            ["hidden_size"] = 64,
            ["intermediate_size"] = 96,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["max_position_embeddings"] = 24,
            ["layer_norm_eps"] = 1e-12,
            ["type_vocab_size"] = 2,
            ["hidden_act"] = "gelu",
        };
        var tensors = new List<TensorOutput>
        {
            Matrix(random, $"{prefix}embeddings.word_embeddings.weight", 40, 64),
            Matrix(random, $"{prefix}embeddings.position_embeddings.weight", 24, 64),
            Matrix(random, $"{prefix}embeddings.token_type_embeddings.weight", 2, 64),
            Matrix(random, $"{prefix}pooler.dense.weight", 64, 64),
        };
        Norm($"{prefix}embeddings.LayerNorm");
        for (var layer = 0; layer < 2; layer++)
        {
            var at = $"{prefix}encoder.layer.{layer}.";
            Linear($"{at}attention.self.query", 64, 64);
            Linear($"{at}attention.self.key", 64, 64);
            Linear($"{at}attention.self.value", 64, 64);
            Linear($"{at}attention.output.dense", 64, 64);
            Norm($"{at}attention.output.LayerNorm");
            Linear($"{at}intermediate.dense", 96, 64);
            Linear($"{at}output.dense", 64, 96);
            Norm($"{at}output.LayerNorm");
        }

        return new SmallModel { Config = config, Tensors = tensors };

        void Norm(string name)
        {
            tensors.Add(Matrix(random, $"{name}.weight", 64));
            tensors.Add(Matrix(random, $"{name}.bias", 64));
        }

        void Linear(string name, int rows, int columns)
        {
            tensors.Add(Matrix(random, $"{name}.weight", rows, columns));
            tensors.Add(Matrix(random, $"{name}.bias", rows));
        }
    }

    public static TensorOutput Matrix(Random random, string name, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = (random.NextSingle() - 0.5f) * 0.4f;
        }

        return TensorOutput.Of(name, values, shape);
    }
}
