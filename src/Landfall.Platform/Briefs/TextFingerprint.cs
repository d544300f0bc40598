using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Landfall.Platform.Briefs;

/// <summary>Eight bytes that stand for a text: enough to find copies among millions of rows, in little memory.</summary>
internal static class TextFingerprint
{
    public static ulong Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>
    /// NFKC, lower case, everything but letters, marks and digits collapsed to one space; a text of nothing else keeps its
    /// characters. The default of <see cref="TextNormalization"/>.
    /// </summary>
    public static string Normalize(string text)
    {
        var folded = WellFormed.Mend(text).Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        var result = new StringBuilder(folded.Length);
        foreach (var rune in folded.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark)
            {
                result.Append(rune.ToString());
            }
            else if (result.Length > 0 && result[^1] != ' ')
            {
                result.Append(' ');
            }
        }

        var normal = result.ToString().TrimEnd();
        return normal.Length > 0 ? normal : folded.Trim();
    }
}
