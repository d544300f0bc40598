using System.Text.Json;

namespace Landfall.StubEndpoint;

/// <summary>A chat completion request as the stub received it.</summary>
/// <param name="Body">The exact bytes, as text.</param>
/// <param name="Json">The parsed body.</param>
/// <param name="Messages">Role and text of each message.</param>
/// <param name="IdempotencyKey">The header, if it was sent.</param>
/// <param name="Number">1 for the first request of the stub's life.</param>
/// <param name="Attempt">1 for the first request of this key (or, without one, of this body).</param>
public sealed record StubRequest(string Body, JsonElement Json, IReadOnlyList<StubMessage> Messages, string? IdempotencyKey, int Number, int Attempt)
{
    public string Model => Text("model") ?? "";

    public bool IsStream => Flag("stream");

    public bool WantsLogprobs => Flag("logprobs");

    public bool WantsUsage => !IsStream
        || (Json.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True);

    /// <summary>All system and developer messages.</summary>
    public string Instruction => string.Join('\n', Messages.Where(m => m.Role is "system" or "developer").Select(m => m.Text));

    /// <summary>The last user message.</summary>
    public string Question => Messages.LastOrDefault(m => m.Role == "user")?.Text ?? "";

    private string? Text(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private bool Flag(string name) => Json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

/// <summary>A message of a request.</summary>
public sealed record StubMessage(string Role, string Text);

/// <summary>What the stub answers.</summary>
/// <param name="Text">The content.</param>
/// <param name="Confidence">0 to 1, behind the logprobs.</param>
/// <param name="Tool">The tool to call, and its arguments in JSON.</param>
public sealed record StubAnswer(string Text, double Confidence = 0.9, (string Name, string Arguments)? Tool = null);

/// <summary>Something that real endpoints do now and then.</summary>
public enum StubFault
{
    None,

    /// <summary>429 with <c>retry-after</c>.</summary>
    RateLimit,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>The connection is cut in the middle of the body, after the work was done and billed.</summary>
    HalfAnswer,

    /// <summary>A stream that ends properly in the middle of the answer, without its last event.</summary>
    HalfStream,

    /// <summary>200 with a page that is no JSON, after the work was done and billed.</summary>
    WrongJson,

    /// <summary>200 with JSON that is no chat completion.</summary>
    WrongShape,

    /// <summary>No answer at all.</summary>
    Hang,

    /// <summary>Reports a million tokens.</summary>
    HugeUsage,

    /// <summary>Reports negative tokens.</summary>
    NegativeUsage,

    /// <summary>Reports no usage.</summary>
    NoUsage,

    /// <summary>401.</summary>
    WrongKey,

    /// <summary>A redirect to another host.</summary>
    Redirect,
}
