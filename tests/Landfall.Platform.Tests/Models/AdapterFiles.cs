using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Platform.Tests.Models;

/// <summary>Adapters of seeded numbers, large enough to be heard.</summary>
internal static class AdapterFiles
{
    private const int Rank = 4;
    private const int VirtualTokens = 64;

    /// <summary>Writes an adapter for a base into a folder.</summary>
    /// <returns>The path to import it from.</returns>
    public static string Write(string kind, string folder, ModelConfig model, int seed = 4)
    {
        var random = new Random(seed);
        switch (kind)
        {
            case "lora":
                WritePeft(folder, $$"""{"peft_type":"LORA","r":{{Rank}},"lora_alpha":16,"target_modules":["q_proj","o_proj"],"bias":"none"}""", [.. Lora(model, random, "base_model.model.model.layers.0.self_attn.{0}.lora_{1}.weight", ["q_proj", "o_proj"], ["A", "B"])]);
                return folder;
            case "prefix":
                var width = model.LayerCount * 2 * model.KeyValueWidth;
                WritePeft(folder, $$"""{"peft_type":"PREFIX_TUNING","num_virtual_tokens":{{VirtualTokens}}}""", [TensorOutput.Of("prompt_embeddings", Numbers(random, VirtualTokens * width), VirtualTokens, width)]);
                return folder;
            case "prompt":
                WritePeft(folder, $$"""{"peft_type":"PROMPT_TUNING","num_virtual_tokens":{{VirtualTokens}}}""", [TensorOutput.Of("prompt_embeddings", Numbers(random, VirtualTokens * model.HiddenSize), VirtualTokens, model.HiddenSize)]);
                return folder;
            default:
                var path = Path.Combine(folder, "terse.gguf");
                GgufWriter.Write(
                    path,
                    [GgufEntry.Of("general.architecture", model.Family == ModelFamily.Llama ? "llama" : model.Family.ToString().ToLowerInvariant()), GgufEntry.Of("general.type", "adapter"), GgufEntry.Of("adapter.type", "lora"), GgufEntry.Of("adapter.lora.alpha", 16f)],
                    [.. Lora(model, random, "blk.0.{0}.weight.lora_{1}", ["attn_q", "attn_output"], ["a", "b"])]);
                return path;
        }
    }

    private static IEnumerable<TensorOutput> Lora(ModelConfig model, Random random, string name, string[] parts, string[] halves) => parts.SelectMany(part => new[]
    {
        TensorOutput.Of(string.Format(System.Globalization.CultureInfo.InvariantCulture, name, part, halves[0]), Numbers(random, Rank * model.HiddenSize), Rank, model.HiddenSize),
        TensorOutput.Of(string.Format(System.Globalization.CultureInfo.InvariantCulture, name, part, halves[1]), Numbers(random, model.HiddenSize * Rank), model.HiddenSize, Rank),
    });

    private static void WritePeft(string folder, string config, IReadOnlyList<TensorOutput> tensors)
    {
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), config);
        SafetensorsWriter.Write(Path.Combine(folder, "adapter_model.safetensors"), tensors);
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
}
