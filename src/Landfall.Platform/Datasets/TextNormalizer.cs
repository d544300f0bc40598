using System.Buffers;
using System.Text;

namespace Landfall.Platform.Datasets;

/// <summary>
/// The form in which two texts count as copies of each other: Unicode compatibility form (NFKC, so that full-width letters
/// are letters), lower case, each run of white space one space, and neither white space at the ends nor sentence marks
/// (<c>. ! ? 。</c>) at the end. Punctuation within stays: 1.5 is not 15.
/// </summary>
public static class TextNormalizer
{
    private static readonly SearchValues<byte> EndMarkBytes = SearchValues.Create(".!? "u8);

    public static string Normalize(string text)
    {
        // Half a surrogate pair cannot be normalised; in UTF-8 it becomes U+FFFD, as it would in a file.
        var folded = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        var result = new StringBuilder(folded.Length);
        foreach (var c in folded)
        {
            if (!char.IsWhiteSpace(c))
            {
                result.Append(c);
            }
            else if (result.Length > 0 && result[^1] != ' ')
            {
                result.Append(' ');
            }
        }

        var spaced = result.ToString().TrimEnd(' ');
        var trimmed = spaced.TrimEnd('.', '!', '?', '。', ' ');
        return trimmed.Length > 0 ? trimmed : spaced;
    }

    /// <summary>A hash of the normalised text, from its UTF-8.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="scratch">At least as long as the text.</param>
    internal static ulong Hash(ReadOnlySpan<byte> utf8, Span<byte> scratch)
    {
        if (!Ascii.IsValid(utf8))
        {
            return Hash64.Of(Encoding.UTF8.GetBytes(Normalize(Encoding.UTF8.GetString(utf8))));
        }

        var length = 0;
        foreach (var b in utf8)
        {
            if (b is not ((byte)' ' or (>= 9 and <= 13)))
            {
                scratch[length++] = (byte)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
            }
            else if (length > 0 && scratch[length - 1] != (byte)' ')
            {
                scratch[length++] = (byte)' ';
            }
        }

        ReadOnlySpan<byte> spaced = scratch[..length];
        spaced = spaced.TrimEnd((byte)' ');
        var last = spaced.LastIndexOfAnyExcept(EndMarkBytes);
        return Hash64.Of(last < 0 ? spaced : spaced[..(last + 1)]);
    }
}
