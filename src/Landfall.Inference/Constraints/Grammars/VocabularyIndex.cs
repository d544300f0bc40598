using System.Runtime.CompilerServices;
using System.Text.Unicode;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>A vocabulary, prepared for masks. Made once per vocabulary, on first use.</summary>
internal sealed class VocabularyIndex
{
    /// <summary>Longer tokens are never allowed; no real vocabulary has them.</summary>
    private const int LongestToken = 4096;

    /// <summary>A token of more characters than this is rare enough to be left out where there is no room for the longest.</summary>
    private const int MaxMasks = 64;
    private static readonly ConditionalWeakTable<TokenVocabulary, VocabularyIndex> Known = [];
    private readonly ulong[][] _plain;
    private readonly int _longestPlain;

    private VocabularyIndex(TokenVocabulary vocabulary)
    {
        Vocabulary = vocabulary;
        Words = (vocabulary.Count + 63) / 64;
        var text = Enumerable.Range(0, vocabulary.Count).Where(token => !vocabulary.IsSpecial(token) && vocabulary.Bytes(token).Length is > 0 and <= LongestToken).ToList();
        All = TokenTrie.Build(text, token => vocabulary.Bytes(token).ToArray());
        NotPlain = TokenTrie.Build(text.Where(token => PlainLength(vocabulary.Bytes(token)) == 0), token => vocabulary.Bytes(token).ToArray());
        var lengths = text.ConvertAll(token => PlainLength(vocabulary.Bytes(token)));
        _longestPlain = lengths.Append(0).Max();
        _plain = BuildPlain(vocabulary, text, lengths, Math.Min(MaxMasks, _longestPlain));
    }

    public TokenVocabulary Vocabulary { get; }

    /// <summary>Words of a mask.</summary>
    public int Words { get; }

    /// <summary>All tokens that are text.</summary>
    public TokenTrie All { get; }

    /// <summary>Those with something in them that does not stand for itself in a JSON string, or with part of a character.</summary>
    public TokenTrie NotPlain { get; }

    public static VocabularyIndex Of(TokenVocabulary vocabulary) => Known.GetValue(vocabulary, static key => new VocabularyIndex(key));

    /// <summary>The tokens of at most so many characters, all of which stand for themselves in a JSON string.</summary>
    public ReadOnlySpan<ulong> Plain(int characters) => _plain[characters >= _longestPlain ? ^1 : Math.Min(characters, _plain.Length - 2)];

    /// <summary>How many characters a token has, all of which stand for themselves in a JSON string; otherwise 0.</summary>
    private static int PlainLength(ReadOnlySpan<byte> bytes)
    {
        var characters = 0;
        foreach (var value in bytes)
        {
            if (value is < 0x20 or (byte)'"' or (byte)'\\')
            {
                return 0;
            }

            characters += value is < 0x80 or >= 0xC0 ? 1 : 0;
        }

        return Utf8.IsValid(bytes) ? characters : 0;
    }

    private static ulong[][] BuildPlain(TokenVocabulary vocabulary, List<int> text, List<int> lengths, int longest)
    {
        // The last mask has all of them.
        var masks = new ulong[longest + 2][];
        for (var length = 0; length < masks.Length; length++)
        {
            masks[length] = new ulong[(vocabulary.Count + 63) / 64];
            for (var index = 0; index < text.Count; index++)
            {
                if (lengths[index] > 0 && (lengths[index] <= length || length > longest))
                {
                    masks[length][text[index] >> 6] |= 1UL << text[index];
                }
            }
        }

        return masks;
    }
}
