using System.Text.Json;
using System.Text.Json.Serialization;

namespace Landfall.Platform.Gateway;

/// <summary>Whom a request asks, before it is known what else it may say.</summary>
public sealed record ModelNaming(string? Model);

/// <summary>The parts of an OpenAI chat completion request that a release of an app uses; the rest is accepted and left.</summary>
public sealed record ChatCompletionRequest
{
    public string? Model { get; init; }

    public IReadOnlyList<ChatMessage?>? Messages { get; init; }

    public bool? Stream { get; init; }

    [JsonPropertyName("stream_options")]
    public StreamOptions? StreamOptions { get; init; }

    public int? N { get; init; }
}

public sealed record StreamOptions
{
    [JsonPropertyName("include_usage")]
    public bool? IncludeUsage { get; init; }
}

/// <summary>A message; its content is text, or an array of parts.</summary>
public sealed record ChatMessage
{
    public string? Role { get; init; }

    public JsonElement Content { get; init; }

    /// <summary>The text of the content: parts joined by new lines; null when a part is not text.</summary>
    public string? ReadText()
    {
        try
        {
            return Read();
        }
        catch (InvalidOperationException)
        {
            // JSON can hold what is no text: half a surrogate pair, or bytes that are not UTF-8.
            return null;
        }
    }

    private string? Read()
    {
        if (Content.ValueKind == JsonValueKind.String)
        {
            return Content.GetString();
        }

        if (Content.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var parts = new List<string>();
        foreach (var part in Content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object
                || !part.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "text"
                || !part.TryGetProperty("text", out var text) || text.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            parts.Add(text.GetString()!);
        }

        return string.Join('\n', parts);
    }
}

public sealed record ChatCompletion(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<ChatChoice> Choices,
    ChatUsage Usage,
    AnswerDetails Landfall);

public sealed record ChatChoice(
    int Index,
    ChatAnswer Message,
    [property: JsonPropertyName("finish_reason")] string FinishReason)
{
    public object? Logprobs => null;
}

public sealed record ChatAnswer(string Role, string Content)
{
    public string? Refusal => null;
}

public sealed record ChatUsage(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens,
    [property: JsonPropertyName("completion_tokens")] int CompletionTokens)
{
    [JsonPropertyName("total_tokens")]
    public int TotalTokens => PromptTokens + CompletionTokens;
}

/// <summary>Landfall's own member of an answer: what the release decided, and how sure it is.</summary>
public sealed record AnswerDetails(string Label, double? Confidence, string Technique, string? Call = null);

public sealed record ChatChunk(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<ChunkChoice> Choices,
    ChatUsage? Usage);

public sealed record ChunkChoice(
    int Index,
    ChunkDelta Delta,
    [property: JsonPropertyName("finish_reason"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason);

public sealed record ChunkDelta(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Content);

public sealed record ModelList(string Object, IReadOnlyList<ModelEntry> Data);

public sealed record ModelEntry(string Id, string Object, long Created, [property: JsonPropertyName("owned_by")] string OwnedBy);

/// <summary>An OpenAI error body.</summary>
public sealed record GatewayError(GatewayErrorBody Error);

public sealed record GatewayErrorBody(string Message, string Type, string? Param, string? Code);
