using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// The alphabet of byte-level BPE (GPT-2): each byte is one printable character. Bytes that are printable Latin-1 stand
/// for themselves, the others are the characters from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Make();
    private static readonly short[] Bytes = Invert();

    /// <summary>The character of a byte.</summary>
    public static char Character(byte value) => Characters[value];

    /// <summary>The byte of a character, or -1 for a character outside the alphabet.</summary>
    public static int Byte(char value) => value < Bytes.Length ? Bytes[value] : -1;

    /// <summary>Appends a text's UTF-8 bytes as characters of the alphabet.</summary>
    public static void Append(StringBuilder builder, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                builder.Append(Characters[rune.Value]);
                continue;
            }

            var count = rune.EncodeToUtf8(utf8);
            for (var i = 0; i < count; i++)
            {
                builder.Append(Characters[utf8[i]]);
            }
        }
    }

    /// <summary>The bytes that a token stands for, or null where one of its characters is outside the alphabet.</summary>
    public static byte[]? Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = Byte(token[i]);
            if (value < 0)
            {
                return null;
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] Make()
    {
        var characters = new char[256];
        var next = '\u0100';
        for (var value = 0; value < 256; value++)
        {
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : next++;
        }

        return characters;
    }

    private static short[] Invert()
    {
        var bytes = new short[0x144];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            bytes[Characters[value]] = (short)value;
        }

        return bytes;
    }
}
