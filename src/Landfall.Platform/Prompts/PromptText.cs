using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Landfall.Platform.Prompts;

/// <summary>A prompt's text with variables written <c>{{name}}</c>.</summary>
public static partial class PromptText
{
    public const int MaxLength = 100_000;

    /// <summary>The names of its variables, in order of first use.</summary>
    public static IReadOnlyList<string> Variables(string text) =>
        [.. Variable().Matches(text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    /// <summary>Why this cannot be a prompt, or null. Braces that nearly are a variable are mistakes, not text.</summary>
    public static string? WhyInvalid(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "The prompt is empty.";
        }

        if (text.Length > MaxLength)
        {
            return $"The prompt has {text.Length} characters; the most are {MaxLength}.";
        }

        var rest = Variable().Replace(text, "");
        var at = rest.IndexOf("{{", StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var shown = rest[at..Math.Min(rest.Length, at + 30)].ReplaceLineEndings(" ");
        return $"'{shown}' is no variable. Write {{{{name}}}}: letters, digits, hyphens and underscores, with a letter first.";
    }

    /// <summary>The text with its variables filled in.</summary>
    /// <exception cref="KeyNotFoundException">A variable has no value; the message names it and those that there are.</exception>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Variable().Replace(text, match =>
        values.TryGetValue(match.Groups["name"].Value, out var value)
            ? value
            : throw new KeyNotFoundException($"The variable {{{{{match.Groups["name"].Value}}}}} has no value. {(values.Count == 0 ? "None is given." : $"There are {string.Join(", ", values.Keys)}.")}"));

    /// <summary>About how long the text is with its variables filled in, before any of it is made.</summary>
    public static long FilledLength(string text, IReadOnlyDictionary<string, string> values) =>
        text.Length + Variable().Matches(text).Sum(m => (long)(values.GetValueOrDefault(m.Groups["name"].Value)?.Length ?? 0));

    /// <summary>A version's identity: the hash of its text. 12 hex characters.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    [GeneratedRegex(@"\{\{\s*(?<name>[a-zA-Z][a-zA-Z0-9_-]{0,63})\s*\}\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Variable();
}
