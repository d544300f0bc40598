using System.Text.Json;
using System.Text.Json.Serialization;

namespace Landfall.Platform.Gateway.Local;

/// <summary>An OpenAI embeddings request.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>A text, or an array of texts.</summary>
    public JsonElement Input { get; init; }

    /// <summary><c>float</c> (default) or <c>base64</c>: single precision, little-endian.</summary>
    [JsonPropertyName("encoding_format")]
    public string? EncodingFormat { get; init; }

    /// <summary>The width; only that of the model itself.</summary>
    public int? Dimensions { get; init; }
}

/// <summary>Vectors in the order of the input.</summary>
public sealed record EmbeddingList(string Object, IReadOnlyList<EmbeddingEntry> Data, string Model, EmbeddingUsage Usage);

/// <summary>One vector: an array of numbers, or their bytes in base64.</summary>
public sealed record EmbeddingEntry(string Object, int Index, JsonElement Embedding);

/// <summary>Tokens read.</summary>
public sealed record EmbeddingUsage([property: JsonPropertyName("prompt_tokens")] long PromptTokens)
{
    [JsonPropertyName("total_tokens")]
    public long TotalTokens => PromptTokens;
}
