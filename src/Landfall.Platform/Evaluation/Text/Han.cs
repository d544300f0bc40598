using System.Text;

namespace Landfall.Platform.Evaluation.Text;

/// <summary>Chinese characters, which are words of their own to the metrics.</summary>
internal static class Han
{
    public static bool Is(Rune rune) =>
        rune.Value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);

    public static bool In(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Is(rune))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The share of a text's letters that are Chinese; null when it has no letters.</summary>
    public static double? Share(string text)
    {
        int han = 0, letters = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            han += Is(rune) ? 1 : 0;
            letters += Rune.IsLetter(rune) ? 1 : 0;
        }

        return letters == 0 ? null : (double)han / letters;
    }
}
