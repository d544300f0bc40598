using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>Reads models by the inference engine's own eyes: what it opens, it can run.</summary>
internal sealed class ModelReader : IModelReader
{
    public ModelFacts Read(string path)
    {
        try
        {
            using var files = ModelFiles.Open(path);
            var facts = Describe(files);

            // Its tokenizer and its template are read as well: they may be what is damaged, or another model's.
            using var model = LanguageModel.Open(files);
            return facts with { HasChatTemplate = model.Template is not null };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"cannot be read: {error.Message}", error);
        }
    }

    private static ModelFacts Describe(ModelFiles files)
    {
        var config = files.Config;
        var tensors = files.Tensors.Names.Select(name => files.Tensors.Find(name)!).ToList();
        return new ModelFacts
        {
            Format = files.Folder is null ? ModelFormat.Gguf : ModelFormat.Huggingface,
            Use = files.Encoder is null && files.HasOutput ? ModelUse.Chat : ModelUse.Embedding,
            Family = config.Family.ToString().ToLowerInvariant(),
            Parameters = tensors.Sum(t => (long)t.Rows * t.Columns),
            ContextLength = config.ContextLength,
            VocabularySize = config.VocabularySize,
            Layers = config.LayerCount,
            HiddenSize = config.HiddenSize,
            CacheBytesPerToken = files.Encoder is null ? 2 * TensorType.F16.RowBytes(config.KeyValueWidth) * config.LayerCount : 0,
            HasChatTemplate = false,
            Types = [.. tensors.GroupBy(t => t.Type).Select(g => new TensorTypeUse(g.Key.ToString(), g.Count(), g.Sum(t => t.Bytes))).OrderByDescending(t => t.Bytes)],
            Licence = files.Folder is { } place ? ModelCard.Licence(place) : Text(files.Metadata!, "general.license"),
            Metadata = files.Metadata is { } metadata ? ModelCard.General(metadata) : new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    private static string? Text(GgufMetadata metadata, string key) => metadata.Values.GetValueOrDefault(key) as string;
}
