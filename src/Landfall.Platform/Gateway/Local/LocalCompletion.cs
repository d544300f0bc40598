using System.Text.Json.Serialization;

namespace Landfall.Platform.Gateway.Local;

/// <summary>A local model's answer, in OpenAI's form.</summary>
public sealed record LocalCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<LocalChoice> Choices, LocalUsage Usage, LocalTimes Landfall);

/// <summary>One of the answers.</summary>
public sealed record LocalChoice(
    int Index,
    LocalAnswerMessage Message,
    [property: JsonPropertyName("logprobs")] LocalLogProbabilities? LogProbabilities,
    [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>What the model says; no content where it only calls tools.</summary>
public sealed record LocalAnswerMessage(
    string Role,
    string? Content,
    [property: JsonPropertyName("tool_calls"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LocalToolCall>? ToolCalls)
{
    public string? Refusal => null;

    /// <summary>Extension: what the model thought before it answered.</summary>
    [JsonPropertyName("reasoning_content"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reasoning { get; init; }
}

/// <summary>What an answer took.</summary>
public sealed record LocalUsage(
    [property: JsonPropertyName("prompt_tokens")] long PromptTokens,
    [property: JsonPropertyName("completion_tokens")] long CompletionTokens,
    [property: JsonPropertyName("prompt_tokens_details"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LocalPromptDetails? PromptDetails = null)
{
    [JsonPropertyName("total_tokens")]
    public long TotalTokens => PromptTokens + CompletionTokens;
}

/// <summary>Tokens of the prompt that an earlier request had computed.</summary>
public sealed record LocalPromptDetails([property: JsonPropertyName("cached_tokens")] long CachedTokens);

/// <summary>Landfall's own member: how long the answer took.</summary>
public sealed record LocalTimes(
    [property: JsonPropertyName("first_token_seconds")] double FirstTokenSeconds,
    [property: JsonPropertyName("answer_seconds")] double AnswerSeconds,
    [property: JsonPropertyName("tokens_per_second")] double TokensPerSecond);

/// <summary>How likely the tokens of an answer were.</summary>
public sealed record LocalLogProbabilities(IReadOnlyList<LocalTokenProbability> Content)
{
    public object? Refusal => null;
}

/// <summary>A token with its log-probability, and the likeliest ones in its place.</summary>
public sealed record LocalTokenProbability(
    string Token,
    [property: JsonPropertyName("logprob")] double LogProbability,
    IReadOnlyList<int> Bytes,
    [property: JsonPropertyName("top_logprobs")] IReadOnlyList<LocalTopToken> Top);

/// <summary>One of the likeliest tokens.</summary>
public sealed record LocalTopToken(string Token, [property: JsonPropertyName("logprob")] double LogProbability, IReadOnlyList<int> Bytes);

/// <summary>A piece of a streamed answer.</summary>
public sealed record LocalChunk(string Id, string Object, long Created, string Model, IReadOnlyList<LocalChunkChoice> Choices)
{
    /// <summary>With the last chunk, where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LocalUsage? Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LocalTimes? Landfall { get; init; }
}

/// <summary>What comes to one of the answers.</summary>
public sealed record LocalChunkChoice(
    int Index,
    LocalDelta Delta,
    [property: JsonPropertyName("logprobs")] LocalLogProbabilities? LogProbabilities = null,
    [property: JsonPropertyName("finish_reason")] string? FinishReason = null);

/// <summary>What is new.</summary>
public sealed record LocalDelta
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content { get; init; }

    [JsonPropertyName("reasoning_content"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reasoning { get; init; }

    [JsonPropertyName("tool_calls"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LocalToolCallDelta>? ToolCalls { get; init; }
}

/// <summary>A tool call of a streamed answer; it comes whole.</summary>
public sealed record LocalToolCallDelta(int Index, string Id, string Type, LocalFunctionCall Function);
