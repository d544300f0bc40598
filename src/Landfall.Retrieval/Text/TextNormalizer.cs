using System.Globalization;
using System.Text;

namespace Landfall.Retrieval.Text;

/// <summary>Brings texts that people would call "the same" to one form.</summary>
public static class TextNormalizer
{
    /// <summary>
    /// NFKC, lower case (invariant), punctuation and white space collapsed to one space, apostrophes inside a word dropped
    /// ("can't" and "cant" are one), no space between Chinese characters. A text of nothing but punctuation keeps it, so
    /// that "?" and "!" stay two texts. Applied twice it gives the same as once.
    /// </summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = Fold(text);
        var result = new StringBuilder(folded.Length);
        var pendingSpace = false;
        Rune? last = null;
        foreach (var rune in folded.EnumerateRunes())
        {
            if (Script.IsApostrophe(rune) && last is { } letter && !pendingSpace && Rune.IsLetterOrDigit(letter))
            {
                continue;
            }

            if (!IsKept(rune, last, pendingSpace))
            {
                pendingSpace = true;
                continue;
            }

            if (pendingSpace && last is { } before && !(Script.IsUnspaced(before) && Script.IsUnspaced(rune)))
            {
                result.Append(' ');
            }

            result.Append(rune.ToString());
            last = rune;
            pendingSpace = false;
        }

        // A mark may now follow another letter than before and compose with it.
        return result.Length > 0 ? result.ToString().Normalize(NormalizationForm.FormKC) : string.Join(' ', folded.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>
    /// NFKC and lower case, with lone surrogates and control characters as spaces and invisible format characters
    /// removed. Punctuation stays.
    /// </summary>
    internal static string Fold(string text)
    {
        var clean = IsPlainAscii(text) ? text : Clean(text).Normalize(NormalizationForm.FormKC);
        var lower = clean.ToLowerInvariant();
        // Lower case may leave the normal form (U+1E9E and some Greek capitals).
        return IsPlainAscii(lower) ? lower : Clean(lower).Normalize(NormalizationForm.FormKC);
    }

    private static bool IsKept(Rune rune, Rune? last, bool pendingSpace) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
            last is { } before && !pendingSpace && Script.IsWordPart(before),
        UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.OtherSymbol => true,
        _ => Rune.IsLetterOrDigit(rune) || Script.IsWordPart(rune),
    };

    private static bool IsPlainAscii(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    // string.Normalize throws on lone surrogates, and a dropped format character may let two characters compose.
    private static string Clean(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Format:
                    break;
                case UnicodeCategory.Control:
                case UnicodeCategory.LineSeparator:
                case UnicodeCategory.ParagraphSeparator:
                    result.Append(' ');
                    break;
                case UnicodeCategory.OtherNotAssigned when rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE:
                    result.Append(' ');
                    break;
                default:
                    result.Append(rune == Rune.ReplacementChar ? " " : rune.ToString());
                    break;
            }
        }

        return result.ToString();
    }
}
