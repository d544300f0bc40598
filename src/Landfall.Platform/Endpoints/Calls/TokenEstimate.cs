using System.Text.Json;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>
/// About how many tokens a text is, without the model's tokenizer: a Chinese, Japanese or Korean character is one, and
/// four other characters are one. Good enough to reserve money, and to see that reported usage cannot be true.
/// </summary>
internal static class TokenEstimate
{
    /// <summary>What a chat template adds to each message.</summary>
    private const int PerMessage = 4;

    public static long Of(string text)
    {
        long wide = 0;
        foreach (var c in text)
        {
            wide += c >= '\u2E80' ? 1 : 0;
        }

        return wide + ((text.Length - wide + 3) / 4);
    }

    /// <summary>Of a chat completion request's messages and tools.</summary>
    public static long OfRequest(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        long tokens = 0;
        if (document.RootElement.TryGetProperty("messages", out var messages))
        {
            foreach (var message in messages.EnumerateArray())
            {
                tokens += PerMessage + (message.TryGetProperty("content", out var content) ? OfContent(content) : 0);
            }
        }

        return tokens + (document.RootElement.TryGetProperty("tools", out var tools) ? Of(tools.GetRawText()) : 0);
    }

    private static long OfContent(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => Of(content.GetString()!),
        JsonValueKind.Array => content.EnumerateArray().Sum(part => part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? Of(text.GetString()!) : 0),
        _ => 0,
    };
}
