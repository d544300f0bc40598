using System.Text;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>Makes any string fit to stand in XML 1.0 and HTML, whatever a row or a brief holds.</summary>
internal static class PlainText
{
    /// <summary>Line ends become LF; what XML cannot hold (control characters, lone surrogates, U+FFFE, U+FFFF) is replaced, or removed where the replacement is null.</summary>
    public static string Clean(string text, char? replacement = '\uFFFD')
    {
        var first = FirstUnfit(text);
        if (first < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\r')
            {
                // CRLF: the LF that follows stands for both.
                if (i + 1 >= text.Length || text[i + 1] != '\n')
                {
                    clean.Append('\n');
                }
            }
            else if (IsPair(text, i))
            {
                clean.Append(c).Append(text[++i]);
            }
            else if (IsFit(c))
            {
                clean.Append(c);
            }
            else if (replacement is { } mark)
            {
                clean.Append(mark);
            }
        }

        return clean.ToString();
    }

    /// <summary>At most <paramref name="length"/> UTF-16 units, never half a surrogate pair, with an ellipsis for what was cut.</summary>
    public static string Clip(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    private static int FirstUnfit(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                i++;
            }
            else if (text[i] == '\r' || !IsFit(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsPair(string text, int i) => i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);

    // XML 1.0, production [2] Char, without surrogates, which count in pairs only.
    private static bool IsFit(char c) => c is '\t' or '\n' or (>= '\u0020' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD');
}
