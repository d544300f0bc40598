using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats;

/// <summary>A model as its files have it: a Hugging Face folder or a GGUF file, mapped, checked, and put in place.</summary>
public sealed class ModelFiles : IDisposable
{
    private const int MostRotaryDivisors = 1 << 19;
    private readonly IDisposable _owner;

    private ModelFiles(string path, ModelConfig config, TensorTable tensors, IDisposable owner) => (Path, Config, Tensors, _owner) = (path, config, tensors, owner);

    /// <summary>The folder or the file.</summary>
    public string Path { get; }

    /// <summary>The configuration.</summary>
    public ModelConfig Config { get; }

    /// <summary>All tensors, under the names that their format gives them.</summary>
    public TensorTable Tensors { get; }

    /// <summary>A decoder's weights; null for an encoder.</summary>
    public ModelWeights? Decoder { get; private init; }

    /// <summary>An encoder's weights; null for a decoder.</summary>
    public EncoderWeights? Encoder { get; private init; }

    /// <summary>Whether a decoder's file has an output projection, its own or tied. Without one it makes embeddings, no text.</summary>
    public bool HasOutput { get; private init; }

    /// <summary>A GGUF file's keys and values.</summary>
    public GgufMetadata? Metadata { get; private init; }

    /// <summary>A GGUF file's keys and values in order, with their kinds.</summary>
    public IReadOnlyList<GgufEntry>? Entries { get; private init; }

    /// <summary>The folder of a Hugging Face model.</summary>
    public string? Folder { get; private init; }

    /// <summary>The files that hold weights.</summary>
    public IReadOnlyList<string> WeightFiles { get; private init; } = [];

    /// <summary>What the model's makers advise for sampling.</summary>
    public GenerationDefaults Generation { get; private init; } = new();

    /// <summary>Opens a Hugging Face folder or a GGUF file.</summary>
    /// <exception cref="ModelFormatException">A file is missing, damaged, or does not fit the others.</exception>
    public static ModelFiles Open(string path)
    {
        if (Directory.Exists(path))
        {
            return OpenFolder(path);
        }

        return File.Exists(path)
            ? OpenGguf(path)
            : throw new ModelFormatException(path, "there is neither a folder (with config.json and model.safetensors) nor a GGUF file of this name.");
    }

    /// <summary>Unmaps the files; weights must not be read any more.</summary>
    public void Dispose() => _owner.Dispose();

    private static ModelFiles OpenFolder(string folder)
    {
        var configFile = System.IO.Path.Combine(folder, "config.json");
        if (!File.Exists(configFile))
        {
            throw new ModelFormatException(configFile, "the file is missing; a model's folder holds config.json beside its weights.");
        }

        var (config, biases) = HuggingFaceConfig.ReadWithBiases(configFile);
        var generationFile = System.IO.Path.Combine(folder, "generation_config.json");
        var generation = File.Exists(generationFile) ? GenerationDefaults.Read(generationFile) : new GenerationDefaults();
        config = ConfigLimits.Check(generationFile, config with
        {
            EndTokens = [.. config.EndTokens.Union(generation.EndTokens)],
            Pooling = HuggingFacePooling.Find(folder),
        });
        var file = SafetensorsFile.Open(WeightFile(folder));
        try
        {
            var weights = new WeightReader(file.Tensors);
            var prefix = config.Family != ModelFamily.Bert ? (weights.Contains("embed_tokens.weight") ? string.Empty : "model.")
                : weights.Contains("bert.embeddings.word_embeddings.weight") ? "bert." : string.Empty;
            var output = !config.TiedEmbeddings && (prefix.Length > 0 || weights.Contains("lm_head.weight"));
            var model = new ModelFiles(folder, config, file.Tensors, file)
            {
                Folder = folder,
                WeightFiles = file.Files,
                Generation = generation,
                HasOutput = output || config.TiedEmbeddings,
                Decoder = config.Family == ModelFamily.Bert ? null : new DecoderReader(config, weights, DecoderNames.HuggingFace(prefix), biases).Read(output),
                Encoder = config.Family == ModelFamily.Bert ? new EncoderReader(config, weights, EncoderNames.HuggingFace(prefix)).Read() : null,
            };
            weights.ExpectNoOthers(name => IsHarmless(name, config));
            return model;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ModelFiles OpenGguf(string path)
    {
        var file = GgufFile.Open(path);
        try
        {
            if (file.Metadata.FindValue<long>("split.count") is > 1)
            {
                throw new ModelFormatException(path, "the file is one of a model split over several; merge them first (llama.cpp's gguf-split does).");
            }

            if (file.Metadata.Find<string>("general.type") is { } type && type != "model")
            {
                throw new ModelFormatException(path, $"the file's 'general.type' is '{type}', no model.");
            }

            var weights = new WeightReader(file.Tensors);
            var divisors = file.Tensors.Find("rope_freqs.weight") is { } frequencies ? RotaryDivisors(path, weights, frequencies) : null;
            var tied = !weights.Contains("output.weight");
            var config = GgufConfig.Read(file.Metadata, divisors, tied);
            var model = new ModelFiles(path, config, file.Tensors, file)
            {
                Metadata = file.Metadata,
                Entries = file.Entries,
                WeightFiles = [path],
                Generation = new GenerationDefaults { EndTokens = config.EndTokens },
                HasOutput = config.Family != ModelFamily.Bert,
                Decoder = config.Family == ModelFamily.Bert ? null : new DecoderReader(config, weights, DecoderNames.Gguf, null).Read(!tied),
                Encoder = config.Family == ModelFamily.Bert ? new EncoderReader(config, weights, EncoderNames.Gguf).Read() : null,
            };
            weights.ExpectNoOthers(_ => false);
            return model;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static float[]? RotaryDivisors(string path, WeightReader weights, Tensor frequencies) => frequencies.Columns <= MostRotaryDivisors
        ? weights.FindVector(frequencies.Name, frequencies.Columns)
        : throw new ModelFormatException(path, $"the tensor '{frequencies.Name}' has {frequencies.Columns} columns, where {MostRotaryDivisors} are the most.") { Tensor = frequencies.Name };

    private static string WeightFile(string folder)
    {
        var names = new[] { "model.safetensors", "model.safetensors.index.json" };
        return names.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new ModelFormatException(folder, "there is neither model.safetensors nor model.safetensors.index.json in it; weights of other formats must be saved as safetensors first.");
    }

    /// <summary>Tensors that are computed anew, or belong to heads that are not used.</summary>
    private static bool IsHarmless(string name, ModelConfig config) => config.Family == ModelFamily.Bert
        ? name.EndsWith("embeddings.position_ids", StringComparison.Ordinal) || name.Contains("pooler.", StringComparison.Ordinal) || name.StartsWith("cls.", StringComparison.Ordinal)
        : name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal) || (config.TiedEmbeddings && name == "lm_head.weight");
}
