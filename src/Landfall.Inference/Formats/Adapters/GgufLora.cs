using Landfall.Inference.Models;

namespace Landfall.Inference.Formats.Adapters;

/// <summary>Reads a LoRA adapter in GGUF: tensors <c>blk.{layer}.{part}.weight.lora_a</c> and <c>lora_b</c>.</summary>
internal static class GgufLora
{
    private const string SuffixA = ".weight.lora_a";
    private const string SuffixB = ".weight.lora_b";

    public static LoraAdapter Open(string path, ModelConfig config)
    {
        using var file = GgufFile.Open(path);
        var metadata = file.Metadata;
        if (metadata.Find<string>("general.type") != "adapter" || metadata.Find<string>("adapter.type") != "lora")
        {
            throw new ModelFormatException(path, "the file is no LoRA adapter: its 'general.type' is not 'adapter', or its 'adapter.type' not 'lora'.");
        }

        var layout = Layout(metadata, config);
        var alpha = metadata.FindValue<double>("adapter.lora.alpha") ?? throw new ModelFormatException(path, "the metadata 'adapter.lora.alpha' is missing.");
        if (!(alpha is >= 0 and <= 1e6))
        {
            throw new ModelFormatException(path, $"the metadata 'adapter.lora.alpha' is {alpha}, where a number from 0 is expected.");
        }

        var assembler = new LoraAssembler(file.Tensors, config, layout);
        foreach (var name in file.Tensors.Names)
        {
            var a = name.EndsWith(SuffixA, StringComparison.Ordinal);
            if ((a || name.EndsWith(SuffixB, StringComparison.Ordinal)) && LinearParts.Parse(name.AsSpan(0, name.Length - SuffixA.Length), "blk.", DecoderNames.Gguf) is { } place)
            {
                var other = name[..^SuffixA.Length] + (a ? SuffixB : SuffixA);
                if (a)
                {
                    // llama.cpp takes an alpha of 0 as "no scale".
                    assembler.Add(place.Layer, place.Part, name, other, rank => alpha == 0 ? 1 : (float)alpha / rank);
                }
                else if (!file.Tensors.Contains(other))
                {
                    throw new ModelFormatException(path, $"the tensor '{name}' has no other half '{other}'.") { Tensor = name };
                }
            }
            else
            {
                throw new ModelFormatException(path, $"the tensor '{name}' is not a LoRA matrix of a layer's linear part.") { Tensor = name };
            }
        }

        return assembler.Finish(path);
    }

    private static RopeLayout Layout(GgufMetadata metadata, ModelConfig config)
    {
        var architecture = metadata.Find<string>("general.architecture");
        var fits = config.Family switch
        {
            ModelFamily.Llama or ModelFamily.Mistral => architecture is "llama" or "mistral3",
            ModelFamily.Qwen2 => architecture == "qwen2",
            ModelFamily.Qwen3 => architecture == "qwen3",
            _ => false,
        };
        return !fits ? throw new ModelFormatException(metadata.File, $"the adapter is for the architecture '{architecture}', not for the base's, {config.Family}.")
            : architecture is "llama" or "mistral3" ? RopeLayout.Interleaved : RopeLayout.HalfSplit;
    }
}
