using System.Globalization;
using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>Changes a text before it is cut. Texts given to it are well-formed UTF-16.</summary>
internal delegate string TextNormalizer(string text);

/// <summary>The normalizers of tokenizer.json that are more than a call of the framework's.</summary>
internal static class TextNormalizers
{
    /// <summary>One after another.</summary>
    public static TextNormalizer Sequence(IReadOnlyList<TextNormalizer> steps) => text =>
    {
        var length = text.Length;
        foreach (var step in steps)
        {
            text = step(text);
            TextGrowth.Require(text.Length, length);
        }

        return text;
    };

    /// <summary>A Unicode normalisation form.</summary>
    public static TextNormalizer Form(NormalizationForm form) => text => UnicodeForms.Normalize(text, form);

    /// <summary>Lower case character by character, without regard to language or position in a word.</summary>
    public static string Lowercase(string text) =>
        text.Contains('\u0130') ? text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant() : text.ToLowerInvariant();

    /// <summary>A prefix for every text that is not empty.</summary>
    public static TextNormalizer Prepend(string prefix) => text => text.Length == 0 ? text : prefix + text;

    /// <summary>Matches of a pattern become another text.</summary>
    public static TextNormalizer Replace(TextPattern pattern, string content) => text => pattern.Replace(text, content);

    /// <summary>White space at the ends is cut off.</summary>
    public static TextNormalizer Strip(bool left, bool right) => text => (left, right) switch
    {
        (true, true) => text.Trim(),
        (true, false) => text.TrimStart(),
        (false, true) => text.TrimEnd(),
        _ => text,
    };

    /// <summary>All combining marks are dropped (after NFD: accents).</summary>
    public static string StripMarks(string text) => Where(text, rune => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark));

    /// <summary>Bytes as characters of the byte-level alphabet.</summary>
    public static string ToByteAlphabet(string text)
    {
        var builder = new StringBuilder(text.Length + 16);
        ByteAlphabet.Append(builder, text);
        return builder.ToString();
    }

    /// <summary>BERT's: control characters out, all white space to spaces, spaces around Chinese characters, accents off, lower case.</summary>
    public static TextNormalizer Bert(bool cleanText, bool chinese, bool stripAccents, bool lowercase) => text =>
    {
        text = cleanText ? Clean(text) : text;
        text = chinese ? SpaceChinese(text) : text;
        text = stripAccents && !Ascii.IsValid(text)
            ? Where(UnicodeForms.Normalize(text, NormalizationForm.FormD), rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            : text;
        return lowercase ? Lowercase(text) : text;
    };

    private static string Clean(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\n' or '\r')
            {
                builder.Append(' ');
            }
            else if (rune.Value != 0xFFFD && !IsControl(rune))
            {
                builder.Append(Rune.IsWhiteSpace(rune) ? new Rune(' ') : rune);
            }
        }

        return builder.ToString();
    }

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    private static string SpaceChinese(string text)
    {
        var builder = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (CharacterClass.IsChinese(rune.Value))
            {
                builder.Append(' ').Append(rune).Append(' ');
            }
            else
            {
                builder.Append(rune);
            }
        }

        return builder.ToString();
    }

    private static string Where(string text, Func<Rune, bool> keep)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (keep(rune))
            {
                builder.Append(rune);
            }
        }

        return builder.ToString();
    }
}
