using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie (darts-clone's units) from byte sequences to offsets of
/// their replacements. A grapheme of fewer than six bytes is looked up as a whole, otherwise its characters are.
/// </summary>
internal sealed class CharacterMap
{
    private const int LongestGrapheme = 6;
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads the map.</summary>
    /// <exception cref="FormatException">The sizes in it do not agree with its length.</exception>
    public static CharacterMap Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var size && (size > bytes.Length - 4 || size % 4 != 0))
        {
            throw new FormatException("the precompiled character map is shorter than the trie that it announces");
        }

        var units = new uint[size / 4];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + (4 * i))..]);
        }

        return new(units, bytes[(4 + (int)size)..].ToArray());
    }

    /// <summary>The text with all that the map knows replaced.</summary>
    public string Normalize(string text)
    {
        var builder = new StringBuilder(text.Length);
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            TextGrowth.Require(builder.Length, text.Length);
            var grapheme = elements.GetTextElement();
            if (Encoding.UTF8.GetByteCount(grapheme) < LongestGrapheme && Find(grapheme) is { } whole)
            {
                builder.Append(whole);
                continue;
            }

            foreach (var rune in grapheme.EnumerateRunes())
            {
                var character = rune.ToString();
                builder.Append(Find(character) ?? character);
                TextGrowth.Require(builder.Length, text.Length);
            }
        }

        return builder.ToString();
    }

    /// <summary>The replacement of the shortest beginning of a text that the map has, or null.</summary>
    private string? Find(string text)
    {
        Span<byte> key = stackalloc byte[LongestGrapheme];
        key = key[..Encoding.UTF8.GetBytes(text, key)];
        if (_units.Length == 0)
        {
            return null;
        }

        var node = Offset(_units[0]);
        foreach (var value in key)
        {
            node ^= value;
            if (value == 0 || node >= _units.Length || (_units[node] & 0x800000FF) != value)
            {
                return null;
            }

            var unit = _units[node];
            node ^= Offset(unit);
            if ((unit >> 8 & 1) != 0)
            {
                return node < _units.Length ? Replacement((int)(_units[node] & 0x7FFFFFFF)) : null;
            }
        }

        return null;
    }

    private string? Replacement(int offset)
    {
        if (offset >= _replacements.Length)
        {
            return null;
        }

        var rest = _replacements.AsSpan(offset);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & (1u << 9)) >> 6);
}
