using CsCheck;

namespace Landfall.Inference.Tokenizers;

/// <summary>Texts of all of Unicode's planes, with what tokenizers trip over: runs of spaces, digits, contractions, marks.</summary>
internal static class RandomTexts
{
    private static readonly string[] Bits =
    [
        " ", "  ", "\n", "\r\n", "\t", "'s", "'LL", "1", "234", "a", "the", "Hello", "\u00e9", "e\u0301", "\u4e2d", "\u6587", "\U0001f600", "\U00020000", "\U0001d7d8",
        "\u2581", "<s>", "</s>", "<|im_end|>", "<0x0A>", "\0", "\ufffd", ".", "!!", "\u3002", "\u00a0", "\u200d", "_", "##", "\U0001f468\u200d\U0001f469",
    ];

    /// <summary>Any text without lone surrogates.</summary>
    public static Gen<string> Text { get; } = Gen.OneOf(
        Gen.Int[0, Bits.Length - 1].Select(bit => Bits[bit]),
        Gen.Char.AlphaNumeric.Select(character => character.ToString()),
        Gen.Int[0, 0xD7FF].Select(char.ConvertFromUtf32),
        Gen.Int[0xE000, 0x10FFFF].Select(char.ConvertFromUtf32)).Array[0, 40].Select(string.Concat);
}
