using System.Text.Encodings.Web;
using System.Text.Json;

namespace Landfall.ExampleData.Text;

/// <summary>A conversation written by a grammar as <c>system ## user => assistant => user => assistant</c>.</summary>
internal static class Chat
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string[] Turns(string text) => [.. text.Split([" ## ", " => "], StringSplitOptions.TrimEntries)];

    /// <summary>The conversation as a line of OpenAI messages.</summary>
    public static string Line(string text)
    {
        var turns = Turns(text);
        var hasSystem = text.Contains(" ## ", StringComparison.Ordinal);
        var messages = turns.Select((content, i) => new { role = Role(i, hasSystem), content });
        return JsonSerializer.Serialize(new { messages }, s_readable);
    }

    private static string Role(int index, bool hasSystem) =>
        hasSystem && index == 0 ? "system" : (index - (hasSystem ? 1 : 0)) % 2 == 0 ? "user" : "assistant";
}
