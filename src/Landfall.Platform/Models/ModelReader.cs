using System.Globalization;
using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
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

    public ModelFacts ReadAdapter(string path, string basePath)
    {
        try
        {
            using var files = ModelFiles.Open(basePath);
            var kind = AdapterKinds.Of(path);
            if (files.Encoder is not null || (kind != AdapterKind.Lora && !files.HasOutput))
            {
                throw new ModelFormatException(path, files.Encoder is not null ? "is an adapter, and the base is an encoder. Adapters are for decoders." : "puts virtual tokens before a prompt, and the base makes embeddings only. Over it LoRA adapters can be used.");
            }

            using var lora = kind == AdapterKind.Lora ? LoraAdapter.Open(path, files.Config) : null;
            var prefix = kind == AdapterKind.Lora ? null : PrefixAdapter.Open(path, files.Config);
            var (parameters, types) = WeightsOf(path);
            return Describe(files) with
            {
                Format = File.Exists(path) ? ModelFormat.Gguf : ModelFormat.Huggingface,
                Adapter = kind.ToString().ToLowerInvariant(),
                Parameters = parameters,
                Types = types,
                Licence = File.Exists(path) ? null : ModelCard.Licence(path),
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [lora is null ? "virtual tokens" : "rank"] = string.Create(CultureInfo.InvariantCulture, $"{lora?.Rank ?? prefix!.VirtualTokens}"),
                },
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"cannot be read: {error.Message}", error);
        }
    }

    private static (long Parameters, IReadOnlyList<TensorTypeUse> Types) WeightsOf(string adapter)
    {
        if (File.Exists(adapter))
        {
            using var gguf = GgufFile.Open(adapter);
            return (Parameters(gguf.Tensors), TypesOf(gguf.Tensors));
        }

        using var file = SafetensorsFile.Open(Path.Combine(adapter, ModelFolderFiles.AdapterWeights));
        return (Parameters(file.Tensors), TypesOf(file.Tensors));
    }

    private static long Parameters(TensorTable tensors) => tensors.Names.Sum(name => (long)tensors.Get(name).Rows * tensors.Get(name).Columns);

    private static IReadOnlyList<TensorTypeUse> TypesOf(TensorTable tensors) =>
    [
        .. tensors.Names.Select(tensors.Get).GroupBy(t => t.Type).Select(g => new TensorTypeUse(g.Key.ToString(), g.Count(), g.Sum(t => t.Bytes))).OrderByDescending(t => t.Bytes),
    ];

    private static ModelFacts Describe(ModelFiles files)
    {
        var config = files.Config;
        return new ModelFacts
        {
            Format = files.Folder is null ? ModelFormat.Gguf : ModelFormat.Huggingface,
            Use = files.Encoder is null && files.HasOutput ? ModelUse.Chat : ModelUse.Embedding,
            Family = config.Family.ToString().ToLowerInvariant(),
            Parameters = Parameters(files.Tensors),
            ContextLength = config.ContextLength,
            VocabularySize = config.VocabularySize,
            Layers = config.LayerCount,
            HiddenSize = config.HiddenSize,
            CacheBytesPerToken = files.Encoder is null ? 2 * TensorType.F16.RowBytes(config.KeyValueWidth) * config.LayerCount : 0,
            HasChatTemplate = false,
            Types = TypesOf(files.Tensors),
            Licence = files.Folder is { } place ? ModelCard.Licence(place) : Text(files.Metadata!, "general.license"),
            Metadata = files.Metadata is { } metadata ? ModelCard.General(metadata) : new Dictionary<string, string>(StringComparer.Ordinal),
        };
    }

    private static string? Text(GgufMetadata metadata, string key) => metadata.Values.GetValueOrDefault(key) as string;
}
