using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>What a model's files say of it.</summary>
public sealed record ModelFacts
{
    public required ModelFormat Format { get; init; }

    public required ModelUse Use { get; init; }

    /// <summary>Of an adapter, its kind.</summary>
    public string? Adapter { get; init; }

    public required string Family { get; init; }

    public required long Parameters { get; init; }

    public required int ContextLength { get; init; }

    public required int VocabularySize { get; init; }

    public required int Layers { get; init; }

    public required int HiddenSize { get; init; }

    /// <summary>Bytes of keys and values for a token of context, in half precision; 0 for an encoder.</summary>
    public required long CacheBytesPerToken { get; init; }

    public required bool HasChatTemplate { get; init; }

    /// <summary>Most bytes first.</summary>
    public required IReadOnlyList<TensorTypeUse> Types { get; init; }

    public string? Licence { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>Opens a model far enough to know that it can be run, without reading its weights.</summary>
public interface IModelReader
{
    /// <summary>Reads a GGUF file or a Hugging Face folder.</summary>
    /// <exception cref="Inference.ModelFormatException">It is damaged, or of a kind that is not read.</exception>
    ModelFacts Read(string path);

    /// <summary>Reads an adapter, a PEFT folder or a GGUF file, for a base model.</summary>
    /// <exception cref="Inference.ModelFormatException">It is damaged, for another base, or of a kind that is not read.</exception>
    ModelFacts ReadAdapter(string path, string basePath);
}
