using System.Text.Json.Serialization;

namespace Landfall.Protocol.Models;

/// <summary>How a model's weights are kept.</summary>
[JsonConverter(typeof(KebabEnumConverter<ModelFormat>))]
public enum ModelFormat
{
    /// <summary>One GGUF file.</summary>
    Gguf,

    /// <summary>The files of a Hugging Face folder.</summary>
    Huggingface,
}

/// <summary>What a model is for.</summary>
[JsonConverter(typeof(KebabEnumConverter<ModelUse>))]
public enum ModelUse
{
    /// <summary>It writes text; it also makes embeddings.</summary>
    Chat,

    /// <summary>An encoder: it makes embeddings only.</summary>
    Embedding,
}

/// <summary>One file of a model.</summary>
/// <param name="Name">Its path inside the model, such as <c>config.json</c> or <c>model.gguf</c>.</param>
/// <param name="Sha256">The blob that holds it.</param>
/// <param name="Bytes">Its length.</param>
public sealed record ModelFile(string Name, string Sha256, long Bytes);

/// <summary>Tensors of one type.</summary>
/// <param name="Type">Such as <c>Q4_K</c> or <c>BF16</c>.</param>
/// <param name="Tensors">How many there are.</param>
/// <param name="Bytes">What they take.</param>
public sealed record TensorTypeUse(string Type, int Tensors, long Bytes);

/// <summary>Where a model came from.</summary>
public sealed record ModelLineage
{
    /// <summary><c>imported</c>, <c>quantised</c> or <c>adapter</c>.</summary>
    public required string Made { get; init; }

    /// <summary>Of an import: the path or the file that was given.</summary>
    public string? Source { get; init; }

    /// <summary>The model that it was made from.</summary>
    public string? From { get; init; }

    /// <summary>The content of that model when it was.</summary>
    public string? FromHash { get; init; }

    /// <summary>The type that its weights were turned into.</summary>
    public string? Type { get; init; }

    /// <summary>The version of Landfall that did it.</summary>
    public required string Landfall { get; init; }
}

/// <summary>A model of the registry.</summary>
public sealed record ModelSummary
{
    /// <summary>Its name, by which the gateway and commands know it.</summary>
    public required string Name { get; init; }

    /// <summary>The sha256 over its files' names and hashes: the same content is the same model.</summary>
    public required string Hash { get; init; }

    /// <summary>How its weights are kept.</summary>
    public required ModelFormat Format { get; init; }

    /// <summary>What it is for.</summary>
    public required ModelUse Use { get; init; }

    /// <summary>The family, such as <c>llama</c> or <c>qwen3</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Of an adapter its kind: <c>lora</c>, <c>prefix</c> or <c>prompt</c>. It answers together with the model that its lineage names.</summary>
    public string? Adapter { get; init; }

    /// <summary>Weights in all.</summary>
    public required long Parameters { get; init; }

    /// <summary>Tokens that it was made for.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Tokens in its vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of its hidden states, and of its embeddings.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Bytes of keys and values for a token of context; 0 for an encoder.</summary>
    public required long CacheBytesPerToken { get; init; }

    /// <summary>Whether it brings a chat template of its own.</summary>
    public required bool HasChatTemplate { get; init; }

    /// <summary>Types of its tensors, most bytes first.</summary>
    public required IReadOnlyList<TensorTypeUse> Types { get; init; }

    /// <summary>Its files.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its licence, where the files name one.</summary>
    public string? Licence { get; init; }

    /// <summary>What the files say about it: <c>general.*</c> of a GGUF file.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>Where it came from.</summary>
    public required ModelLineage Lineage { get; init; }

    /// <summary>Who added it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a model takes in memory.</summary>
/// <param name="WeightBytes">Its weights; they are mapped, and leave the memory when others need it.</param>
/// <param name="ContextBytes">Keys and values of the contexts that it may hold at once.</param>
public sealed record ModelMemory(long WeightBytes, long ContextBytes)
{
    /// <summary>Both together.</summary>
    public long TotalBytes => WeightBytes + ContextBytes;

    /// <summary>What all loaded models may take together.</summary>
    public long LimitBytes { get; init; }

    /// <summary>Whether it is in memory now.</summary>
    public bool IsLoaded { get; init; }
}

/// <summary>The times of one answer.</summary>
/// <param name="PromptTokens">Tokens read.</param>
/// <param name="PromptSeconds">From the request to the first token of the answer.</param>
/// <param name="AnswerTokens">Tokens written.</param>
/// <param name="AnswerSeconds">From the first token to the last.</param>
public sealed record ModelTiming(int PromptTokens, double PromptSeconds, int AnswerTokens, double AnswerSeconds)
{
    /// <summary>Tokens read per second.</summary>
    public double PromptRate => PromptSeconds > 0 ? PromptTokens / PromptSeconds : 0;

    /// <summary>Tokens written per second; the first one is the prompt's work.</summary>
    public double AnswerRate => AnswerTokens > 1 && AnswerSeconds > 0 ? (AnswerTokens - 1) / AnswerSeconds : 0;
}

/// <summary>The request of <c>POST /api/models/{model}/bench</c>.</summary>
public sealed record BenchModelRequest
{
    /// <summary>Tokens of each prompt; 1 to 100,000.</summary>
    public int PromptTokens { get; init; } = 256;

    /// <summary>Tokens of each answer; 2 to 10,000.</summary>
    public int AnswerTokens { get; init; } = 64;

    /// <summary>Answers, of which the median counts; 1 to 100.</summary>
    public int Repeats { get; init; } = 5;
}

/// <summary>How fast a model is on the server's machine.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Threads">Threads that it computes with.</param>
/// <param name="Timings">Each answer's times.</param>
/// <param name="PromptRate">Tokens read per second, the median.</param>
/// <param name="AnswerRate">Tokens written per second, the median.</param>
/// <param name="FirstTokenSeconds">To the first token, the median.</param>
/// <param name="Memory">What it takes in memory, computed.</param>
/// <param name="ProcessBytes">What the server's process has taken at most (resident).</param>
public sealed record ModelBench(
    string Model, int Threads, IReadOnlyList<ModelTiming> Timings, double PromptRate, double AnswerRate, double FirstTokenSeconds, ModelMemory Memory, long ProcessBytes);

/// <summary>A model with those it is related to.</summary>
/// <param name="Model">The model.</param>
/// <param name="Memory">What it takes in memory when it is asked.</param>
/// <param name="Ancestors">What it was made from, nearest first.</param>
/// <param name="Descendants">What was made from it.</param>
/// <param name="Siblings">Others made from the same base, such as other quantisations.</param>
public sealed record ModelDetail(
    ModelSummary Model, ModelMemory Memory, IReadOnlyList<ModelSummary> Ancestors, IReadOnlyList<ModelSummary> Descendants, IReadOnlyList<ModelSummary> Siblings);

/// <summary>A file that was uploaded for an import.</summary>
/// <param name="Name">Its path inside the model, such as <c>config.json</c>; for a single GGUF file its own name.</param>
/// <param name="Sha256">The blob.</param>
public sealed record UploadedModelFile(string Name, string Sha256);

/// <summary>The request of <c>POST /api/models/import</c>: files that were uploaded.</summary>
public sealed record ImportModelRequest
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>One GGUF file, or the files of a Hugging Face folder.</summary>
    public required IReadOnlyList<UploadedModelFile> Files { get; init; }

    /// <summary>Of an adapter the model that it is for; it is then called <c>base:name</c>.</summary>
    public string? Base { get; init; }
}

/// <summary>The request of <c>POST /api/models/import-path</c>: files that lie on the server's machine.</summary>
public sealed record ImportModelPathRequest
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The full path of a GGUF file or of a Hugging Face folder.</summary>
    public required string Path { get; init; }

    /// <summary>Of an adapter the model that it is for; it is then called <c>base:name</c>.</summary>
    public string? Base { get; init; }
}

/// <summary>The request of <c>POST /api/models/{model}/quantise</c>.</summary>
public sealed record QuantiseModelRequest
{
    /// <summary>The new model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its weights, such as <c>q4_k</c>.</summary>
    public required string Type { get; init; }
}

/// <summary>The request of <c>POST /api/models/{model}/export</c>.</summary>
public sealed record ExportModelRequest
{
    /// <summary>How its weights are to be written.</summary>
    public required ModelFormat Format { get; init; }
}

/// <summary>What an export made; its files lie under the run's id until they are removed.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Format">How its weights are written.</param>
/// <param name="Files">What can be fetched.</param>
public sealed record ModelExport(string Model, ModelFormat Format, IReadOnlyList<ModelFile> Files);
