using Microsoft.Extensions.AI;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>How one call is kept: options that travel with a <see cref="ChatOptions"/> and are not sent.</summary>
public static class CallOptions
{
    private const string RepeatKey = "landfall.repeat";
    private const string FreshKey = "landfall.fresh";
    private const string LiveKey = "landfall.live";
    private const string ReceiptKey = "landfall.receipt";

    /// <summary>Asks the same thing as a call of its own: repeat 0, 1, 2, ... are each paid for once. Default: that of the <see cref="CallScope"/>.</summary>
    public static ChatOptions WithRepeat(this ChatOptions options, int repeat) => Set(options, RepeatKey, repeat);

    /// <summary>Asks anew whatever is stored: what a user asks is a call of its own.</summary>
    public static ChatOptions AsFresh(this ChatOptions options) => Set(options, FreshKey, value: true);

    /// <summary>
    /// Passes a stream on as it comes. An answer that breaks off is then an <see cref="EndpointException"/> in the middle of
    /// the stream; otherwise a stream is read to its end first, and asked for again when it breaks off.
    /// </summary>
    public static ChatOptions AsLive(this ChatOptions options) => Set(options, LiveKey, value: true);

    /// <summary>What a call took and cost.</summary>
    public static CallReceipt? Receipt(this ChatResponse response) => response.AdditionalProperties?.GetValueOrDefault(ReceiptKey) as CallReceipt;

    /// <summary>What a streamed call took and cost: with the last update.</summary>
    public static CallReceipt? Receipt(this ChatResponseUpdate update) => update.AdditionalProperties?.GetValueOrDefault(ReceiptKey) as CallReceipt;

    internal static void Attach(ChatResponse response, CallReceipt receipt) => (response.AdditionalProperties ??= [])[ReceiptKey] = receipt;

    internal static void Attach(ChatResponseUpdate update, CallReceipt receipt) => (update.AdditionalProperties ??= [])[ReceiptKey] = receipt;

    /// <summary>Takes the options out.</summary>
    internal static (ChatOptions? Sent, CallFrame Frame) Split(ChatOptions? options)
    {
        if (options?.AdditionalProperties is not { } properties)
        {
            return (options, new CallFrame { Repeat = CallScope.Current.Repeat });
        }

        var sent = options.Clone();
        sent.AdditionalProperties = new AdditionalPropertiesDictionary(properties.Where(p => !p.Key.StartsWith("landfall.", StringComparison.Ordinal)));
        return (sent, new CallFrame
        {
            Repeat = properties.GetValueOrDefault(RepeatKey) as int? ?? CallScope.Current.Repeat,
            IsFresh = properties.GetValueOrDefault(FreshKey) is true,
            IsLive = properties.GetValueOrDefault(LiveKey) is true,
        });
    }

    private static ChatOptions Set(ChatOptions options, string key, object value)
    {
        (options.AdditionalProperties ??= [])[key] = value;
        return options;
    }
}

/// <summary>What a call took and cost, when it was made.</summary>
/// <param name="Call">The call's identity: by it the exact request and answer can be opened.</param>
/// <param name="PromptTokens">Tokens read, as reported where that can be believed.</param>
/// <param name="CompletionTokens">Tokens written.</param>
/// <param name="CostUsd">Money.</param>
/// <param name="LatencyMs">Wall time of the attempt that succeeded.</param>
/// <param name="IsStored">Whether it was paid for before.</param>
/// <param name="UsageNote">Why the reported usage is not believed, if it is not.</param>
public sealed record CallReceipt(string Call, long PromptTokens, long CompletionTokens, decimal CostUsd, double LatencyMs, bool IsStored, string? UsageNote);

/// <summary>A call on its way through the layers.</summary>
internal sealed class CallFrame
{
    private static readonly AsyncLocal<CallFrame?> Ambient = new();

    public int Repeat { get; init; }

    public bool IsFresh { get; init; }

    public bool IsLive { get; init; }

    /// <summary>Set once the answer is there.</summary>
    public CallReceipt? Receipt { get; set; }

    public static CallFrame Current
    {
        get => Ambient.Value ?? new CallFrame();
        set => Ambient.Value = value;
    }
}
