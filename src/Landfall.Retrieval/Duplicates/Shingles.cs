using System.Globalization;
using System.Text;

namespace Landfall.Retrieval.Duplicates;

/// <summary>
/// Texts as sets of shingles: runs of consecutive words (Broder, "On the resemblance and containment of documents", 1997).
/// A word is a run of letters and digits in lower case; in scripts that are written without spaces (Chinese, Japanese,
/// Korean, Thai, Lao, Khmer, Burmese) each character is a word of its own, so that their shingles are runs of characters.
/// </summary>
public static class Shingles
{
    /// <summary>Words in a shingle, where nothing else is said.</summary>
    public const int DefaultWidth = 3;

    /// <summary>The set of a text's shingles.</summary>
    /// <param name="text">Any text. One with fewer words than a shingle has is one shingle; one without words is one of its
    /// characters; a blank one has none.</param>
    /// <param name="width">Words in a shingle, at least 1.</param>
    /// <returns>32-bit hashes, ascending, each once; the same on every machine. Two texts of 100 words have a chance of about
    /// one in 200,000 that two of their shingles share a hash.</returns>
    public static uint[] Of(ReadOnlySpan<char> text, int width = DefaultWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var words = Words(text);
        if (words.Count == 0)
        {
            var trimmed = text.Trim();
            return trimmed.IsEmpty ? [] : [Finish(HashOf(trimmed))];
        }

        var shingles = new uint[Math.Max(1, words.Count - width + 1)];
        for (var i = 0; i < shingles.Length; i++)
        {
            var hash = 0UL;
            for (var j = i; j < Math.Min(words.Count, i + width); j++)
            {
                hash = (hash ^ words[j]) * 0x9E3779B97F4A7C15;
                hash ^= hash >> 29;
            }

            shingles[i] = Finish(hash);
        }

        return Distinct(shingles);
    }

    /// <summary>The share of shingles that two sets have in common: |A and B| / |A or B|; 0 when both are empty.</summary>
    /// <param name="first">Ascending, each once.</param>
    /// <param name="second">Ascending, each once.</param>
    public static double Jaccard(ReadOnlySpan<uint> first, ReadOnlySpan<uint> second)
    {
        var (i, j, common) = (0, 0, 0);
        while (i < first.Length && j < second.Length)
        {
            var (a, b) = (first[i], second[j]);
            common += a == b ? 1 : 0;
            i += a <= b ? 1 : 0;
            j += b <= a ? 1 : 0;
        }

        var all = first.Length + second.Length - common;
        return all == 0 ? 0 : (double)common / all;
    }

    private static uint[] Distinct(uint[] shingles)
    {
        Array.Sort(shingles);
        var kept = 1;
        for (var i = 1; i < shingles.Length; i++)
        {
            if (shingles[i] != shingles[kept - 1])
            {
                shingles[kept++] = shingles[i];
            }
        }

        return kept == shingles.Length ? shingles : shingles[..kept];
    }

    /// <summary>Hashes of the words, in order.</summary>
    private static List<ulong> Words(ReadOnlySpan<char> text)
    {
        var words = new List<ulong>((text.Length / 5) + 1);
        var (start, at) = (-1, 0);
        while (at < text.Length)
        {
            var (kind, length) = KindAt(text, at);
            if (kind != Kind.Letter && start >= 0)
            {
                words.Add(HashOf(text[start..at]));
                start = -1;
            }

            if (kind == Kind.Word)
            {
                words.Add(HashOf(text.Slice(at, length)));
            }
            else if (kind == Kind.Letter && start < 0)
            {
                start = at;
            }

            at += length;
        }

        if (start >= 0)
        {
            words.Add(HashOf(text[start..]));
        }

        return words;
    }

    private static (Kind Kind, int Length) KindAt(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (char.IsAscii(c))
        {
            return (char.IsAsciiLetterOrDigit(c) ? Kind.Letter : Kind.Other, 1);
        }

        if (char.IsSurrogate(c))
        {
            // Beyond the first plane are mostly Han characters and emoji: each a word of its own.
            return Rune.DecodeFromUtf16(text[at..], out var rune, out var length) == System.Buffers.OperationStatus.Done
                && (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol)
                ? (Kind.Word, length)
                : (Kind.Other, Math.Max(1, length));
        }

        // Marks carry vowels in the scripts of India; without them words would break apart.
        var isLetter = char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
        return (!isLetter ? Kind.Other : IsWrittenWithoutSpaces(c) ? Kind.Word : Kind.Letter, 1);
    }

    private static bool IsWrittenWithoutSpaces(char c) => c is
        (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF')
        or (>= '\u2E80' and <= '\uA4CF') or (>= '\uAC00' and <= '\uD7AF') or (>= '\uF900' and <= '\uFAFF');

    private static ulong HashOf(ReadOnlySpan<char> word)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var c in word)
        {
            hash = (hash ^ (char.IsAscii(c) ? char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c : char.ToLowerInvariant(c))) * 0x100000001B3;
        }

        return hash ^ (hash >> 32);
    }

    /// <summary>The last steps of MurmurHash3: every bit of the result depends on every bit of the hash.</summary>
    private static uint Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return (uint)((hash ^ (hash >> 33)) >> 32);
    }

    private enum Kind
    {
        Other,
        Letter,
        Word,
    }
}
