using System.Buffers;
using System.Text;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>UTF-8 that was read byte by byte as Windows-1252 or Latin-1: <c>cafÃ©</c> for <c>café</c>.</summary>
internal static class Mojibake
{
    // Windows-1252's characters for 0x80 to 0x9F; the five bytes that it leaves free are read as Latin-1's controls.
    private const string HighControls = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    /// <summary>Re-reads each stretch of characters that are the bytes of UTF-8.</summary>
    public static string ReadUtf8(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u00C2', '\u00F4'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var sequences = Sequences(text);
        var covered = (double)sequences.Sum(s => s.Length) / Math.Max(1, text.Count(c => c > '\u007F' && ByteOf(c) >= 0));
        var at = 0;
        foreach (var (start, length, rune) in sequences.Where(s => IsLikely(s.Length, s.Rune, sequences.Count, covered)))
        {
            result.Append(text, at, start - at).Append(rune.ToString());
            at = start + length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The byte that a character stood for, or -1.</summary>
    private static int ByteOf(char c) => c <= '\u00FF' ? c : HighControls.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? 0x80 + at : -1;

    private static List<(int Start, int Length, Rune Rune)> Sequences(string text)
    {
        var found = new List<(int, int, Rune)>();
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            var length = ByteOf(text[i]) switch
            {
                >= 0xC2 and <= 0xDF => 2,
                >= 0xE0 and <= 0xEF => 3,
                >= 0xF0 and <= 0xF4 => 4,
                _ => 0,
            };
            if (length == 0 || i + length > text.Length)
            {
                continue;
            }

            for (var j = 0; j < length; j++)
            {
                bytes[j] = ByteOf(text[i + j]) is >= 0x80 and var value ? (byte)value : (byte)0;
            }

            if (Rune.DecodeFromUtf8(bytes[..length], out var rune, out var consumed) == OperationStatus.Done && consumed == length)
            {
                found.Add((i, length, rune));
                i += length - 1;
            }
        }

        return found;
    }

    /// <summary>
    /// Three and four bytes in the right order are hardly chance. Two may be: a capital letter with an accent before a
    /// closing quote, or GBK that was read as Latin-1. They count where such sequences are most of the text's high bytes: half for
    /// a letter of Latin-1 (by far the most frequent damage), nearly all, and several, for others.
    /// </summary>
    private static bool IsLikely(int length, Rune rune, int sequences, double covered) =>
        length > 2
        || (covered >= 0.5 && rune.Value is >= 0xA0 and <= 0xFF)
        || (covered >= 0.8 && sequences > 1 && (rune.Value is (>= 0x100 and <= 0x17F) or (>= 0x370 and <= 0x6FF)));
}

/// <summary>Chinese text in GBK and UTF-8, each read as something else.</summary>
internal static class GbkConfusion
{
    private static readonly Encoding Gbk = CreateGbk();

    /// <summary>
    /// The text as it was meant when its Chinese stretches are GBK readings of UTF-8, such as <c>浣犲ソ</c> for <c>你好</c>; else
    /// null. A decoder of GBK drops bytes at the end of a stretch: a character or two may be lost there.
    /// </summary>
    public static string? ReadUtf8(string text) => Replace(text, c => c > '\u007F', minLength: 2, run =>
    {
        var read = Encoding.UTF8.GetString(Gbk.GetBytes(run));
        var lost = read.Count(c => c == '\uFFFD');
        return lost <= Math.Min(2, read.Length / 6) && read.Length < run.Length && Commonness(read) > Commonness(run) && Commonness(read) >= 0.7 ? read : null;
    });

    /// <summary>The text as it was meant when stretches of Latin-1 are GBK, such as <c>ÄãºÃ</c> for <c>你好</c>; else null.</summary>
    public static string? ReadGbk(string text) => Replace(text, c => c is >= '\u00A1' and <= '\u00FE', minLength: 4, run =>
    {
        var read = Gbk.GetString(Encoding.Latin1.GetBytes(run));
        return run.Length % 2 == 0 && read.All(IsChinese) && Commonness(read) >= 0.9 ? read : null;
    });

    private static string? Replace(string text, Func<char, bool> isPart, int minLength, Func<string, string?> read)
    {
        var result = new StringBuilder(text.Length);
        var changed = false;
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && isPart(text[end]) == isPart(text[i]))
            {
                end++;
            }

            var run = text[i..end];
            var replacement = isPart(text[i]) && run.Length >= minLength ? TryRead(run, read) : null;
            changed |= replacement is not null;
            result.Append(replacement ?? run);
            i = end;
        }

        return changed ? result.ToString() : null;
    }

    private static string? TryRead(string run, Func<string, string?> read)
    {
        try
        {
            return read(run);
        }
        catch (ArgumentException)
        {
            // Not the bytes of the other encoding: the stretch is what it looks like.
            return null;
        }
    }

    private static bool IsChinese(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3000' and <= '\u303F') or (>= '\uFF01' and <= '\uFF5E');

    /// <summary>
    /// The share of characters that are punctuation or among the 3,755 of GB 2312's first level (first bytes B0 to D7), which
    /// make up almost all of modern text. Misread characters mostly fall outside.
    /// </summary>
    private static double Commonness(string text)
    {
        var common = 0;
        foreach (var c in text)
        {
            var isCommon = c is (>= '\u3000' and <= '\u303F') or (>= '\uFF01' and <= '\uFF5E') or (>= '\u2014' and <= '\u2026');
            if (!isCommon && c is >= '\u4E00' and <= '\u9FFF')
            {
                var bytes = Gbk.GetBytes([c]);
                isCommon = bytes.Length == 2 && bytes[0] is >= 0xB0 and <= 0xD7 && bytes[1] >= 0xA1;
            }

            common += isCommon ? 1 : 0;
        }

        return text.Length == 0 ? 0 : (double)common / text.Length;
    }

    private static Encoding CreateGbk() => CodePagesEncodingProvider.Instance.GetEncoding(936, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? throw new InvalidOperationException("The runtime has no code page 936.");
}
