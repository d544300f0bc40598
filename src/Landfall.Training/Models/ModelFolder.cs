using System.Runtime.InteropServices;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>Writes a decoder as a Hugging Face folder, and tensors as safetensors.</summary>
internal static class ModelFolder
{
    private const int ChunkValues = 1 << 20;

    /// <summary>Writes <c>config.json</c>, <c>model.safetensors</c>, and what the base's folder has beside its weights.</summary>
    /// <param name="folder">The folder; it is made.</param>
    /// <param name="config">The shape.</param>
    /// <param name="weights">The weights under Hugging Face's names.</param>
    /// <param name="type">The type of matrices; vectors stay F32.</param>
    /// <param name="source">The base's folder, whose tokenizer and chat template are copied; null: there is none.</param>
    public static void Write(string folder, ModelConfig config, IReadOnlyList<NamedWeight> weights, TensorType type, string? source)
    {
        var names = DecoderNames.HuggingFace();
        var biased = weights.Select(weight => weight.Name).Where(name => name.EndsWith(".bias", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var first = names.Layer(0);
        var biases = new HuggingFaceConfig.Biases(biased.Contains($"{first}{names.Query}.bias"), biased.Contains($"{first}{names.AttentionOutput}.bias"), biased.Contains($"{first}{names.Up}.bias"));
        var configuration = HuggingFaceConfigWriter.Write(config, biases, folder, type);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "config.json"), stream => stream.Write(configuration));
        if (source is not null)
        {
            HuggingFaceExport.CopyCompanions(source, folder);
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" };
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), [.. weights.Select(weight => Output(weight, weight.Shape.Count == 1 ? TensorType.F32 : type))], metadata);
    }

    /// <summary>A tensor as a safetensors file takes it.</summary>
    /// <param name="weight">The tensor.</param>
    /// <param name="type">The type in the file.</param>
    public static TensorOutput Output(NamedWeight weight, TensorType type) => new(weight.Name, type, weight.Shape, (stream, cancellation) =>
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var columns = (int)weight.Shape[^1];
        var values = weight.Value().reshape(-1, columns);
        var rows = (int)values.shape[0];
        var count = Math.Clamp(ChunkValues / columns, 1, rows);
        var encoded = new byte[checked((int)type.RowBytes(columns))];
        for (var begin = 0; begin < rows; begin += count)
        {
            cancellation.ThrowIfCancellationRequested();
            using var chunk = values.narrow(0, begin, Math.Min(count, rows - begin)).to(ScalarType.Float32).cpu().contiguous();
            var numbers = MemoryMarshal.Cast<byte, float>(chunk.bytes);
            for (var at = 0; at < numbers.Length; at += columns)
            {
                BlockCodec.Encode(type, numbers.Slice(at, columns), encoded);
                stream.Write(encoded);
            }
        }
    });
}

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Value">Makes it when it is its turn.</param>
internal sealed record NamedWeight(string Name, IReadOnlyList<long> Shape, Func<torch.Tensor> Value)
{
    /// <summary>A tensor that is there.</summary>
    public static NamedWeight Of(TrainedTensor tensor) => new(tensor.Name, tensor.Value.shape, () => tensor.Value.alias());
}
