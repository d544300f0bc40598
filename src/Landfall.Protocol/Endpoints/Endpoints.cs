using System.Text.Json.Serialization;

namespace Landfall.Protocol.Endpoints;

/// <summary>A language model that the server can ask. Its key is never told.</summary>
public sealed record EndpointSummary
{
    /// <summary>The name that briefs and settings use.</summary>
    public required string Name { get; init; }

    /// <summary>The API's root.</summary>
    public required string Address { get; init; }

    /// <summary>The model that is asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Whether a key is set.</summary>
    public required bool HasKey { get; init; }

    /// <summary>US dollars per million prompt tokens; null: not known.</summary>
    public decimal? InputPrice { get; init; }

    /// <summary>US dollars per million answer tokens; null: not known.</summary>
    public decimal? OutputPrice { get; init; }

    /// <summary>How long one attempt may take, in seconds.</summary>
    public required double TimeoutSeconds { get; init; }

    /// <summary>Calls at the same time.</summary>
    public required int MaxParallel { get; init; }

    /// <summary>Where it was found: <c>environment</c>, <c>settings</c>, <c>local</c> or <c>ollama</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Whether it is asked where no other is named.</summary>
    public required bool IsDefault { get; init; }
}

/// <summary>All endpoints.</summary>
/// <param name="Endpoints">The default one first.</param>
/// <param name="Problems">What is wrong with settings of others, one sentence each.</param>
public sealed record EndpointList(IReadOnlyList<EndpointSummary> Endpoints, IReadOnlyList<string> Problems);

/// <summary>Settings of an endpoint.</summary>
public sealed record EndpointSettings
{
    /// <summary>The API's root, such as <c>https://api.openai.com/v1</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The key; it is stored encrypted. Left out: the stored one stays.</summary>
    public string? Key { get; init; }

    /// <summary>Or the environment variable of the server that holds it.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>US dollars per million prompt tokens.</summary>
    public decimal? InputPrice { get; init; }

    /// <summary>US dollars per million answer tokens.</summary>
    public decimal? OutputPrice { get; init; }

    /// <summary>How long one attempt may take, in seconds.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Calls at the same time.</summary>
    public int? MaxParallel { get; init; }
}

/// <summary>How an endpoint answered when it was tried.</summary>
/// <param name="IsAnswering">Whether it did.</param>
/// <param name="Message">The answer's beginning, or what went wrong and what to do.</param>
/// <param name="LatencyMs">How long it took.</param>
/// <param name="CostUsd">What it cost.</param>
public sealed record EndpointCheck(bool IsAnswering, string Message, double? LatencyMs, decimal? CostUsd);

/// <summary>Where a call stands.</summary>
[JsonConverter(typeof(KebabEnumConverter<CallState>))]
public enum CallState
{
    /// <summary>Written down and sent; no answer is known.</summary>
    Asked,

    /// <summary>Answered and paid for.</summary>
    Answered,

    /// <summary>Given up.</summary>
    Failed,
}

/// <summary>A call of an endpoint, in short.</summary>
public sealed record CallSummary
{
    /// <summary>Its identity: the hash of endpoint, model, exact request and repeat.</summary>
    public required string Id { get; init; }

    /// <summary>The endpoint's name.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>What it was made for.</summary>
    public required string Purpose { get; init; }

    /// <summary>The run that paid for it.</summary>
    public string? Run { get; init; }

    /// <summary>Which repeat of the same request it is.</summary>
    public required int Repeat { get; init; }

    /// <summary>Where it stands.</summary>
    public required CallState State { get; init; }

    /// <summary>When it was asked.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>How often it was sent until it was answered.</summary>
    public required int Attempts { get; init; }

    /// <summary>Tokens read.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Tokens written.</summary>
    public required long CompletionTokens { get; init; }

    /// <summary>US dollars.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Wall time of the answer in milliseconds.</summary>
    public required double LatencyMs { get; init; }

    /// <summary>Why the reported tokens are not believed, if they are not.</summary>
    public string? UsageNote { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }
}

/// <summary>A call with the exact bytes that went over the wire.</summary>
/// <param name="Call">In short.</param>
/// <param name="Request">The exact request body.</param>
/// <param name="Response">The exact answer's body; null: there is none.</param>
public sealed record CallDetail(CallSummary Call, string Request, string? Response);
