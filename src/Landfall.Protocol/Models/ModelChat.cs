using System.Text.Json.Serialization;

namespace Landfall.Protocol.Models;

/// <summary>A message of a chat.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">Its text.</param>
public sealed record ModelChatMessage(string Role, string Content);

/// <summary>A chat completion request to <c>POST /v1/chat/completions</c>; it has OpenAI's names.</summary>
public sealed record ModelChatRequest
{
    /// <summary>The model's name, or an app's.</summary>
    public required string Model { get; init; }

    /// <summary>What was said.</summary>
    public required IReadOnlyList<ModelChatMessage> Messages { get; init; }

    /// <summary>0: the likeliest token each time; null: the server's default, 1.</summary>
    public double? Temperature { get; init; }

    /// <summary>Only the likeliest tokens that have this share together.</summary>
    [JsonPropertyName("top_p")]
    public double? TopP { get; init; }

    /// <summary>Tokens of the answer at most.</summary>
    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    /// <summary>The same seed makes the same answer.</summary>
    public long? Seed { get; init; }

    /// <summary>Whether the answer comes as it is written.</summary>
    public bool Stream { get; init; } = true;

    /// <summary>What the stream tells besides.</summary>
    [JsonPropertyName("stream_options")]
    public ModelChatStreamOptions StreamOptions { get; init => field = value ?? new ModelChatStreamOptions(); } = new();
}

/// <summary>What a stream tells besides the answer.</summary>
public sealed record ModelChatStreamOptions
{
    /// <summary>Whether its last chunk has the tokens and times.</summary>
    [JsonPropertyName("include_usage")]
    public bool IncludeUsage { get; init; } = true;
}

/// <summary>A chunk of a streamed answer.</summary>
public sealed record ModelChatChunk
{
    /// <summary>What is new; empty in the last chunk.</summary>
    public IReadOnlyList<ModelChatChoice> Choices { get; init => field = value ?? []; } = [];

    /// <summary>With the last chunk: tokens.</summary>
    public ModelChatUsage? Usage { get; init; }

    /// <summary>With the last chunk of a local model: times.</summary>
    public ModelChatTimes? Landfall { get; init; }

    /// <summary>In place of all else: the answer broke off.</summary>
    public ModelChatError? Error { get; init; }

    /// <summary>The text that is new.</summary>
    [JsonIgnore]
    public string Text => string.Concat(Choices.Select(c => c.Delta?.Content));

    /// <summary>Why the answer ended, once it has: <c>stop</c>, <c>length</c> or <c>tool_calls</c>.</summary>
    [JsonIgnore]
    public string? FinishReason => Choices.Select(c => c.FinishReason).LastOrDefault(r => r is not null);
}

/// <summary>What comes to one answer.</summary>
public sealed record ModelChatChoice
{
    /// <summary>What is new.</summary>
    public ModelChatDelta? Delta { get; init; }

    /// <summary>Set at its end.</summary>
    [JsonPropertyName("finish_reason")]
    public string? FinishReason { get; init; }
}

/// <summary>What is new of an answer.</summary>
/// <param name="Content">Text.</param>
public sealed record ModelChatDelta(string? Content);

/// <summary>Tokens of a request.</summary>
public sealed record ModelChatUsage
{
    /// <summary>Read.</summary>
    [JsonPropertyName("prompt_tokens")]
    public long PromptTokens { get; init; }

    /// <summary>Written.</summary>
    [JsonPropertyName("completion_tokens")]
    public long CompletionTokens { get; init; }
}

/// <summary>Times of an answer.</summary>
public sealed record ModelChatTimes
{
    /// <summary>From the request to the first token.</summary>
    [JsonPropertyName("first_token_seconds")]
    public double FirstTokenSeconds { get; init; }

    /// <summary>From the first token to the last.</summary>
    [JsonPropertyName("answer_seconds")]
    public double AnswerSeconds { get; init; }

    /// <summary>Tokens written per second.</summary>
    [JsonPropertyName("tokens_per_second")]
    public double TokensPerSecond { get; init; }
}

/// <summary>An error answer of <c>/v1</c>.</summary>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Code">A stable word, when there is one.</param>
public sealed record ModelChatError(string Message, string? Code);

/// <summary>One answer with what it took, as <c>model run --prompt</c> prints it with <c>--json</c>.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Answer">The answer.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="PromptTokens">Tokens read.</param>
/// <param name="CompletionTokens">Tokens written.</param>
/// <param name="Times">How long it took.</param>
public sealed record ModelAnswer(string Model, string Answer, string? FinishReason, long? PromptTokens, long? CompletionTokens, ModelChatTimes? Times);
