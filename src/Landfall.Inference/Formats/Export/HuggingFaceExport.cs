using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Export;

/// <summary>
/// Writes a model as a Hugging Face folder: <c>config.json</c>, <c>generation_config.json</c>, <c>model.safetensors</c> with
/// blocks decoded and rows of queries and keys in Hugging Face's order, and the tokenizer.
/// </summary>
public static class HuggingFaceExport
{
    private static readonly string[] Copied =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model",
        "chat_template.jinja", "chat_template.json", "modules.json", "sentence_bert_config.json", "1_Pooling/config.json",
    ];

    /// <summary>Writes the folder, which must be empty or not there.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The folder to write.</param>
    /// <param name="options">Its type, and how it is written.</param>
    /// <param name="cancellationToken">Stops it; the weights are then not there.</param>
    /// <exception cref="ModelFormatException">The model's files are damaged, or hold what the folder has no place for.</exception>
    public static void Write(ModelFiles model, string folder, ExportOptions options, CancellationToken cancellationToken = default)
    {
        options.Validate(blocks: false);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new InferenceException($"{folder}: the folder is not empty; name one that is, or that is not there.");
        }

        var configuration = HuggingFaceConfigWriter.Write(model, options.Type);
        var tokenizer = model.Folder is null ? HuggingFaceTokenizerWriter.Prepare(model) : null;
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, "config.json"), stream => stream.Write(configuration));
        WriteWeights(model, folder, options, cancellationToken);
        if (model.Folder is { } source)
        {
            CopyCompanions(source, folder);
        }
        else
        {
            tokenizer?.Write(folder);
        }
    }

    /// <summary>Copies what a model's folder has beside its configuration and weights: the tokenizer, the chat template, advice for sampling.</summary>
    internal static void CopyCompanions(string from, string to)
    {
        Copy(from, to, Copied);
        Copy(from, to, "generation_config.json");
    }

    private static void WriteWeights(ModelFiles model, string folder, ExportOptions options, CancellationToken cancellationToken)
    {
        var weights = PlacedWeight.Of(model, DecoderNames.HuggingFace(model.HasOutput ? "model." : string.Empty), EncoderNames.HuggingFace(string.Empty));
        var encoder = new WeightEncoder(
            model, RopeLayout.HalfSplit, options.Threads, weights.Where(weight => weight.Matrix is not null).Sum(weight => weight.Count), options.Progress);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" };
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), weights.ConvertAll(weight => encoder.Encode(weight, options.Type)), metadata, cancellationToken);
    }

    private static void Copy(string from, string to, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (File.Exists(Path.Combine(from, name)))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, name))!);
                File.Copy(Path.Combine(from, name), Path.Combine(to, name), overwrite: true);
            }
        }
    }
}
