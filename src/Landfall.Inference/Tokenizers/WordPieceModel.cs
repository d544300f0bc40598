using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>BERT's WordPiece: the longest token at each place of a word, or the whole word unknown.</summary>
/// <param name="words">Tokens at a word's beginning.</param>
/// <param name="continuations">Tokens within a word.</param>
/// <param name="unknown">What a word is that cannot be put together.</param>
/// <param name="longestWord">Words of more code points are unknown.</param>
internal sealed class WordPieceModel(CharacterTrie words, CharacterTrie continuations, int unknown, int longestWord) : TokenModel
{
    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens)
    {
        var before = tokens.Count;
        if (piece.Length <= longestWord || CodePoints(piece) <= longestWord)
        {
            var at = 0;
            while (at < piece.Length)
            {
                var (length, token) = (at == 0 ? words : continuations).Longest(piece[at..]);
                if (token < 0)
                {
                    break;
                }

                tokens.Add(token);
                at += length;
            }

            if (at == piece.Length)
            {
                return;
            }

            tokens.RemoveRange(before, tokens.Count - before);
        }

        tokens.Add(unknown);
    }

    private static int CodePoints(ReadOnlySpan<char> piece)
    {
        var count = 0;
        foreach (var _ in piece.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}

/// <summary>Each piece is one token as it stands, or unknown.</summary>
/// <param name="vocabulary">The words.</param>
/// <param name="unknown">The unknown word, where there is one.</param>
internal sealed class WordLevelModel(Dictionary<string, int> vocabulary, int? unknown) : TokenModel
{
    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens)
    {
        if (vocabulary.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(piece, out var token))
        {
            tokens.Add(token);
        }
        else if (unknown is { } word)
        {
            tokens.Add(word);
        }
    }
}
