using System.Text.Json;
using System.Text.Json.Serialization;

namespace Landfall.Platform.Gateway.Local;

/// <summary>
/// An OpenAI chat completion request to a local model. Members that change the answer are here, with extensions of our own
/// at the end; others are accepted and left.
/// </summary>
public sealed record LocalChatRequest
{
    public string? Model { get; init; }

    public IReadOnlyList<LocalChatMessage?>? Messages { get; init; }

    public bool? Stream { get; init; }

    [JsonPropertyName("stream_options")]
    public StreamOptions? StreamOptions { get; init; }

    public int? N { get; init; }

    public float? Temperature { get; init; }

    [JsonPropertyName("top_p")]
    public float? TopP { get; init; }

    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    [JsonPropertyName("max_completion_tokens")]
    public int? MaxCompletionTokens { get; init; }

    /// <summary>A text, or an array of texts.</summary>
    public JsonElement Stop { get; init; }

    public long? Seed { get; init; }

    [JsonPropertyName("frequency_penalty")]
    public float? FrequencyPenalty { get; init; }

    [JsonPropertyName("presence_penalty")]
    public float? PresencePenalty { get; init; }

    /// <summary>By token id.</summary>
    [JsonPropertyName("logit_bias")]
    public IReadOnlyDictionary<string, float>? LogitBias { get; init; }

    [JsonPropertyName("logprobs")]
    public bool? LogProbabilities { get; init; }

    [JsonPropertyName("top_logprobs")]
    public int? TopLogProbabilities { get; init; }

    public IReadOnlyList<LocalTool?>? Tools { get; init; }

    /// <summary><c>none</c>, <c>auto</c>, <c>required</c>, or a function.</summary>
    [JsonPropertyName("tool_choice")]
    public JsonElement ToolChoice { get; init; }

    [JsonPropertyName("parallel_tool_calls")]
    public bool? ParallelToolCalls { get; init; }

    [JsonPropertyName("response_format")]
    public LocalResponseFormat? ResponseFormat { get; init; }

    /// <summary>Extension: only so many likeliest tokens.</summary>
    [JsonPropertyName("top_k")]
    public int? TopK { get; init; }

    /// <summary>Extension: tokens of at least this share of the likeliest one's probability.</summary>
    [JsonPropertyName("min_p")]
    public float? MinP { get; init; }

    /// <summary>Extension: locally typical sampling.</summary>
    [JsonPropertyName("typical_p")]
    public float? TypicalP { get; init; }

    /// <summary>Extension: divides the logits of tokens that occurred.</summary>
    [JsonPropertyName("repetition_penalty")]
    public float? RepetitionPenalty { get; init; }

    /// <summary>Extension: the whole answer matches this regular expression.</summary>
    public string? Regex { get; init; }

    /// <summary>Extension: the answer is one of these.</summary>
    public IReadOnlyList<string?>? Choices { get; init; }
}

/// <summary>A message; its content is text, an array of parts, or nothing beside tool calls.</summary>
public sealed record LocalChatMessage
{
    public string? Role { get; init; }

    public JsonElement Content { get; init; }

    [JsonPropertyName("tool_calls")]
    public IReadOnlyList<LocalToolCall?>? ToolCalls { get; init; }

    [JsonPropertyName("tool_call_id")]
    public string? ToolCallId { get; init; }
}

/// <summary>A call that an earlier answer made.</summary>
public sealed record LocalToolCall(string? Id, string? Type, LocalFunctionCall? Function);

/// <summary>A function's name, and its arguments as a text of JSON.</summary>
public sealed record LocalFunctionCall(string? Name, string? Arguments);

/// <summary>A tool that the model may call.</summary>
public sealed record LocalTool(string? Type, LocalFunction? Function);

/// <summary>A function that the caller has.</summary>
public sealed record LocalFunction(string? Name, string? Description, JsonElement Parameters, bool? Strict);

/// <summary><c>text</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
public sealed record LocalResponseFormat
{
    public string? Type { get; init; }

    [JsonPropertyName("json_schema")]
    public LocalJsonSchema? JsonSchema { get; init; }
}

/// <summary>A schema that the answer is to be valid by.</summary>
public sealed record LocalJsonSchema(string? Name, string? Description, JsonElement Schema, bool? Strict);
