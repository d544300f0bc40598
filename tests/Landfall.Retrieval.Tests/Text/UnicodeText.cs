using CsCheck;

namespace Landfall.Retrieval.Tests.Text;

/// <summary>Texts from the parts of Unicode where normalisation goes wrong.</summary>
internal static class UnicodeText
{
    private static readonly Gen<string> Piece = CsCheck.Gen.OneOf(
        CsCheck.Gen.Char['a', 'z'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\u0020', '\u024F'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\u0300', '\u036F'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\u0370', '\u05FF'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\u1E00', '\u206F'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\u2100', '\u214F'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\u3000', '\u30FF'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\u4E00', '\u9FFF'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\uAC00', '\uD7A3'].Select(c => c.ToString()),
        CsCheck.Gen.Char['\uFE00', '\uFFFF'].Select(c => c.ToString()),
        CsCheck.Gen.Int[0x1F300, 0x1F6FF].Select(char.ConvertFromUtf32),
        CsCheck.Gen.Int[0x20000, 0x20100].Select(char.ConvertFromUtf32),
        CsCheck.Gen.Const("'"),
        CsCheck.Gen.Const("\uD83D"));

    public static Gen<string> Gen { get; } = Piece.Array[0, 12].Select(string.Concat);

    public static Gen<string> Ascii { get; } = CsCheck.Gen.Char[' ', '~'].Array[1, 30].Select(chars => "x" + new string(chars));
}
