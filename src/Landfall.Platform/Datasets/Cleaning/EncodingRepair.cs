using System.Text;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>A repaired text.</summary>
/// <param name="Text">The text as it was meant, as far as that can be known.</param>
/// <param name="Repairs">What was done, a few words each.</param>
/// <param name="Confidence">0 to 1: that the repair is right.</param>
/// <param name="Lost">Characters that no repair can bring back.</param>
public sealed record RepairedText(string Text, IReadOnlyList<string> Repairs, double Confidence, int Lost);

/// <summary>
/// Undoes wrong decodings: UTF-8 that was read as Windows-1252 or Latin-1 (once or several times), UTF-8 that was read as
/// GBK, and GBK that was read as Latin-1. A stretch is only re-read when its bytes are valid in the other encoding and the
/// result is likelier text; text that merely looks foreign stays. Also takes out byte order marks, zero-width
/// characters outside of scripts that need them, and control characters.
/// </summary>
public static class EncodingRepair
{
    private const int MostRounds = 3;

    /// <summary>Repairs a text; one without damage comes back as it is.</summary>
    public static RepairedText Repair(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var repairs = new List<string>();
        var confidence = 0.99;
        for (var round = 0; round < MostRounds; round++)
        {
            var once = Mojibake.ReadUtf8(text);
            if (once == text)
            {
                break;
            }

            Note(repairs, "UTF-8 that was read as Windows-1252 or Latin-1");
            (text, confidence) = (once, Math.Min(confidence, 0.95));
        }

        if (GbkConfusion.ReadUtf8(text) is { } utf8)
        {
            Note(repairs, "UTF-8 that was read as GBK");
            (text, confidence) = (utf8, Math.Min(confidence, 0.9));
        }

        if (GbkConfusion.ReadGbk(text) is { } gbk)
        {
            Note(repairs, "GBK that was read as Latin-1");
            (text, confidence) = (gbk, Math.Min(confidence, 0.85));
        }

        var seen = InvisibleCharacters.Remove(text);
        if (seen != text)
        {
            Note(repairs, "characters that nobody sees");
            text = seen;
        }

        return new RepairedText(text, repairs, confidence, text.Count(c => c == '\uFFFD') + (2 * Occurrences(text, "锟斤拷")));
    }

    private static void Note(List<string> repairs, string repair)
    {
        if (!repairs.Contains(repair, StringComparer.Ordinal))
        {
            repairs.Add(repair);
        }
    }

    private static int Occurrences(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;
}

/// <summary>Characters without a shape of their own.</summary>
internal static class InvisibleCharacters
{
    public static string Remove(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u0008') && !text.Any(IsCandidate))
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsCandidate(text[i]) || (IsJoiner(text[i]) && Joins(text, i)))
            {
                kept.Append(text[i]);
            }
        }

        return kept.ToString();
    }

    private static bool IsCandidate(char c) =>
        (char.IsControl(c) && c is not ('\t' or '\n' or '\r')) || IsJoiner(c)
        || c is '\uFEFF' or '\u200B' or '\u2060' or '\u180E' or '\u00AD' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';

    private static bool IsJoiner(char c) => c is '\u200C' or '\u200D' or '\uFE0F';

    /// <summary>Joiners have a meaning between emoji and in the scripts of South Asia and Arabia, but none beside Latin or Chinese letters.</summary>
    private static bool Joins(string text, int at) =>
        at > 0 && (text[at - 1] is (>= '\u0600' and <= '\u0FFF') or (>= '\u1000' and <= '\u1FFF') or (>= '\u2190' and <= '\u2BFF') or (>= '\u3030' and <= '\u3299') || char.IsSurrogate(text[at - 1]) || text[at - 1] is '\uFE0F' or '#' or '*' or (>= '0' and <= '9'));
}
