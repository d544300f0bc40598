namespace Landfall.Platform.Endpoints;

/// <summary>A language model that can be asked over an OpenAI-compatible API.</summary>
public sealed record ChatEndpoint
{
    /// <summary>By which briefs and settings name it: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>The API's root, ending in <c>/v1</c> as a rule.</summary>
    public required Uri Address { get; init; }

    /// <summary>The model to ask for.</summary>
    public required string Model { get; init; }

    /// <summary>The key, where the endpoint wants one. It is in no log, no answer and no hash.</summary>
    public Secret Key { get; init; } = Secret.None;

    /// <summary>US dollars per million prompt tokens; null: not known, and counted as 0.</summary>
    public decimal? InputPrice { get; init; }

    /// <summary>US dollars per million answer tokens; null: not known, and counted as 0.</summary>
    public decimal? OutputPrice { get; init; }

    /// <summary>How long one attempt may take; default 60 s. A call with its attempts ends after five times that.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Calls at the same time; default 8.</summary>
    public int MaxParallel { get; init; } = 8;

    /// <summary>Where it was found: <c>environment</c>, <c>settings</c>, <c>local</c> or <c>ollama</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Whether money spent on it is known: it has prices, or is a server of one's own.</summary>
    public bool HasPrices => InputPrice is not null || OutputPrice is not null || Address.IsLoopback;

    /// <summary>What makes answers comparable: the same address and model. In hashes of candidates and calls.</summary>
    public string Identity => $"{Address}\n{Model}";

    /// <summary>What tokens cost.</summary>
    public decimal CostOf(long promptTokens, long completionTokens) =>
        ((promptTokens * (InputPrice ?? 0)) + (completionTokens * (OutputPrice ?? 0))) / 1_000_000m;
}

/// <summary>A text that does not show itself.</summary>
public sealed class Secret(string? value)
{
    public static Secret None { get; } = new(value: null);

    public bool IsSet => !string.IsNullOrEmpty(value);

    /// <summary>The text; only what sends it asks for it.</summary>
    public string? Reveal() => value;

    public override string ToString() => IsSet ? "(set)" : "(none)";
}
