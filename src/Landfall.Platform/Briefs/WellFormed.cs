using System.Text;

namespace Landfall.Platform.Briefs;

/// <summary>UTF-16 without lone surrogates: normalisation and encoders throw on others.</summary>
internal static class WellFormed
{
    public static bool Is(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at)
        {
            if (Rune.DecodeFromUtf16(rest[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[(at + length)..];
        }

        return true;
    }

    /// <summary>The text, with U+FFFD in place of each lone surrogate.</summary>
    public static string Mend(string text)
    {
        if (Is(text))
        {
            return text;
        }

        var mended = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            mended.Append(rune.ToString());
        }

        return mended.ToString();
    }
}
