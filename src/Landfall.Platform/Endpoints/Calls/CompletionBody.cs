using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>An answer is no chat completion, or not a whole one.</summary>
internal sealed class CompletionFormatException(string message, bool isCutShort = false) : Exception(message)
{
    /// <summary>Whether it begins well and breaks off.</summary>
    public bool IsCutShort { get; } = isCutShort;
}

/// <summary>What is in a chat completion, plain or streamed: enough to know that it is whole, and what it cost.</summary>
internal sealed record CompletionBody(string Text, string ToolCalls, long? PromptTokens, long? CompletionTokens, long ReasoningTokens)
{
    /// <summary>The line that ends a stream.</summary>
    public const string Done = "[DONE]";

    private const int Shown = 80;

    /// <summary>Reads an answer's bytes.</summary>
    /// <exception cref="CompletionFormatException">They are no whole chat completion.</exception>
    public static CompletionBody Read(ReadOnlyMemory<byte> body, bool isStream)
    {
        try
        {
            return isStream ? ReadStream(body) : ReadPlain(body);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: text that is no text, such as half a surrogate pair.
            throw new CompletionFormatException($"it is not valid JSON: it begins '{Begin(body)}'");
        }
    }

    private static CompletionBody ReadPlain(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var gathered = new Gathered();
        if (root.ValueKind != JsonValueKind.Object || !gathered.Add(root, "message"))
        {
            throw new CompletionFormatException(ErrorIn(root) is { } error ? $"it is an error: {error}" : $"it has no choices: it begins '{Begin(body)}'");
        }

        return gathered.ToBody();
    }

    private static CompletionBody ReadStream(ReadOnlyMemory<byte> body)
    {
        var gathered = new Gathered();
        var isDone = false;
        var events = 0;
        foreach (var item in SseParser.Create(new MemoryStream(body.ToArray(), writable: false)).Enumerate())
        {
            events++;
            if (item.Data.Trim() == Done)
            {
                isDone = true;
                break;
            }

            ReadChunk(item.Data, gathered);
        }

        if (events == 0)
        {
            throw new CompletionFormatException($"it is not a stream of events: it begins '{Begin(body)}'");
        }

        return isDone || gathered.IsFinished
            ? gathered.ToBody()
            : throw new CompletionFormatException("the stream broke off before its end", isCutShort: true);
    }

    private static void ReadChunk(string data, Gathered gathered)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(data);
        }
        catch (JsonException)
        {
            throw new CompletionFormatException("the stream broke off in the middle of a chunk", isCutShort: true);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new CompletionFormatException($"a chunk of the stream is no object: '{Begin(Encoding.UTF8.GetBytes(data))}'");
            }

            if (ErrorIn(document.RootElement) is { } error)
            {
                throw new CompletionFormatException($"the stream ends with an error: {error}", isCutShort: true);
            }

            gathered.Add(document.RootElement, "delta");
        }
    }

    /// <summary>The message of an <c>error</c> member, if there is one.</summary>
    public static string? ErrorIn(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("error", out var error))
        {
            return null;
        }

        var message = error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var inner) ? inner : error;
        return message.ValueKind switch
        {
            JsonValueKind.String => Shorten(message.GetString()!),
            JsonValueKind.Null => null,
            _ => Shorten(message.GetRawText()),
        };
    }

    public static string Begin(ReadOnlyMemory<byte> body) => Shorten(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, Shown * 4)]));

    private static string Shorten(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= Shown * 3 ? line : line[..(Shown * 3)] + "...";
    }

    /// <summary>What the chunks of a stream, or the one answer, add up to.</summary>
    private sealed class Gathered
    {
        private readonly StringBuilder _text = new();
        private readonly StringBuilder _tools = new();
        private long? _prompt;
        private long? _completion;
        private long _reasoning;

        public bool IsFinished { get; private set; }

        /// <summary>Adds a body or a chunk; false when it has no choice.</summary>
        public bool Add(JsonElement root, string member)
        {
            AddUsage(root);
            if (!root.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
            {
                return false;
            }

            var choice = choices[0];
            if (choice.ValueKind != JsonValueKind.Object || !choice.TryGetProperty(member, out var message) || message.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            IsFinished |= choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String;
            if (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
            {
                _text.Append(content.GetString());
            }

            if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
            {
                _tools.Append(calls.GetRawText());
            }

            return true;
        }

        public CompletionBody ToBody() => new(_text.ToString(), _tools.ToString(), _prompt, _completion, _reasoning);

        private void AddUsage(JsonElement root)
        {
            if (!root.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
            {
                return;
            }

            _prompt = Count(usage, "prompt_tokens") ?? _prompt;
            _completion = Count(usage, "completion_tokens") ?? _completion;
            _reasoning = usage.TryGetProperty("completion_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object
                ? Count(details, "reasoning_tokens") ?? _reasoning
                : _reasoning;
        }

        private static long? Count(JsonElement usage, string name) =>
            usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? count : null;
    }
}
