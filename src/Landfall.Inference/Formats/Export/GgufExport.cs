using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Export;

/// <summary>
/// Writes a model to a GGUF file that llama.cpp runs: from a Hugging Face folder with its tokenizer, or from another GGUF
/// file with its metadata. Types are chosen as llama.cpp's quantiser does: the output projection (or tied embedding) of a
/// Q4_0 or Q4_K file is Q6_K, and with Q4_K part of the value and down projections too. Rows that do not divide by 256 are
/// Q5_0 in place of Q4_K and Q8_0 in place of Q6_K, and rows that do not divide by 32 are F16.
/// </summary>
public static class GgufExport
{
    private const int QuantisationVersion = 2;

    /// <summary>Writes the file; one of that name is replaced when all is written.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="options">Its type, and how it is written.</param>
    /// <param name="cancellationToken">Stops it; no file is left.</param>
    /// <exception cref="ModelFormatException">The model's files are damaged, or hold what GGUF has no place for.</exception>
    public static void Write(ModelFiles model, string path, ExportOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate(blocks: true);
        var weights = PlacedWeight.Of(model, DecoderNames.Gguf, EncoderNames.Gguf);
        var layout = model.Config.Family is ModelFamily.Llama or ModelFamily.Mistral ? RopeLayout.Interleaved : RopeLayout.HalfSplit;
        var encoder = new WeightEncoder(model, layout, options.Threads, weights.Where(weight => weight.Matrix is not null).Sum(weight => weight.Count), options.Progress);
        var tied = weights.TrueForAll(weight => weight.Name != "output.weight");
        var tensors = weights.ConvertAll(weight => encoder.Encode(
            weight, weight.Matrix is { } matrix ? TypeChoice.For(weight.Name, matrix.Columns, options.Type, model.Config, tied) : TensorType.F32));
        if (FrequencyDivisors(model.Config) is { } divisors)
        {
            tensors.Insert(0, TensorOutput.Of("rope_freqs.weight", divisors, divisors.Length));
        }

        GgufWriter.Write(path, Metadata(model, path, options), tensors, cancellationToken);
    }

    private static List<GgufEntry> Metadata(ModelFiles model, string path, ExportOptions options)
    {
        List<GgufEntry> changed =
        [
            GgufEntry.Of("general.file_type", TypeChoice.FileType(options.Type)),
            GgufEntry.Of("general.quantization_version", QuantisationVersion),
        ];
        if (options.Name is { } name)
        {
            changed.Add(GgufEntry.Of("general.name", name));
        }

        if (model.Entries is { } entries)
        {
            return [.. entries.Where(entry => changed.TrueForAll(other => other.Key != entry.Key)), .. changed];
        }

        if (options.Name is null)
        {
            changed.Add(GgufEntry.Of("general.name", Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Folder ?? path)))));
        }

        return [.. GgufModelMetadata.Of(model), .. changed, .. GgufTokenizerMetadata.Of(model)];
    }

    private static float[]? FrequencyDivisors(ModelConfig config) => config.Rope switch
    {
        { FrequencyDivisors: { } divisors } => [.. divisors],
        { Scaling: RopeScaling.Llama3 } rope => Llama3Divisors(rope, config.HeadSize),
        _ => null,
    };

    /// <summary>Llama 3.1's scaling as divisors: long waves by the factor, short ones not, those between smoothly.</summary>
    internal static float[] Llama3Divisors(RopeConfig rope, int headSize)
    {
        var divisors = new float[headSize / 2];
        for (var index = 0; index < divisors.Length; index++)
        {
            var wave = 2 * Math.PI * Math.Pow(rope.Theta, 2.0 * index / headSize);
            var turns = rope.OriginalContextLength / wave;
            var smooth = Math.Clamp((turns - rope.LowFrequencyFactor) / (rope.HighFrequencyFactor - rope.LowFrequencyFactor), 0, 1);
            divisors[index] = (float)(1 / (((1 - smooth) / rope.Factor) + smooth));
        }

        return divisors;
    }
}
