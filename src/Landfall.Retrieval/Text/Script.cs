using System.Globalization;
using System.Text;

namespace Landfall.Retrieval.Text;

/// <summary>What a character is to an analyser.</summary>
internal static class Script
{
    /// <summary>Han ideographs and kana: scripts written without spaces between words.</summary>
    public static bool IsUnspaced(Rune rune) => rune.Value is
        (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or
        (>= 0x20000 and <= 0x323AF) or (>= 0x3041 and <= 0x3096) or (>= 0x30A1 and <= 0x30FF) or
        0x3005 or 0x3007;

    /// <summary>Letters, digits and the marks on them.</summary>
    public static bool IsWordPart(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or
        UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark or
        UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        _ => false,
    };

    /// <summary>The typewriter's apostrophe, the printer's, and what people type for them.</summary>
    public static bool IsApostrophe(Rune rune) => rune.Value is '\'' or 0x2019 or 0x2018 or 0x02BC or '`';
}
