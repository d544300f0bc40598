using System.Globalization;
using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>What pre-tokenizers ask about characters, on code points: a table for the basic plane, the library beyond it.</summary>
internal static class CharacterClass
{
    public const byte Other = 0;
    public const byte Letter = 1;
    public const byte Number = 2;
    public const byte Space = 3;

    private static readonly byte[] Table = MakeTable();

    /// <summary>\p{L}, \p{N}, \s or neither, and how many chars the code point takes.</summary>
    public static byte Of(ReadOnlySpan<char> text, int at, out int width)
    {
        var first = text[at];
        width = 1;
        if (!char.IsHighSurrogate(first) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1]))
        {
            return Table[first];
        }

        width = 2;
        return Classify(Rune.GetUnicodeCategory(new Rune(first, text[at + 1])));
    }

    /// <summary>Whether Unicode calls it white space.</summary>
    public static bool IsSpace(char character) => Table[character] == Space;

    /// <summary>ASCII punctuation and symbols, and what Unicode calls punctuation.</summary>
    public static bool IsPunctuation(Rune rune) =>
        rune.IsAscii
            ? char.IsPunctuation((char)rune.Value) || char.IsSymbol((char)rune.Value)
            : Rune.IsPunctuation(rune);

    /// <summary>\w as Unicode's regular expressions have it: alphabetic, marks, decimal digits, connectors.</summary>
    public static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => true,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
        // Circled letters are alphabetic, the two joiners count as part of words.
        _ => rune.Value is (>= 0x24B6 and <= 0x24E9) or 0x200C or 0x200D or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
    };

    /// <summary>Chinese characters as BERT counts them.</summary>
    public static bool IsChinese(int codePoint) => codePoint is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);

    private static byte[] MakeTable()
    {
        var table = new byte[65536];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = char.IsWhiteSpace((char)i) ? Space : Classify(CharUnicodeInfo.GetUnicodeCategory((char)i));
        }

        return table;
    }

    private static byte Classify(UnicodeCategory category) => category switch
    {
        <= UnicodeCategory.OtherLetter => Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
        _ => Other,
    };
}
