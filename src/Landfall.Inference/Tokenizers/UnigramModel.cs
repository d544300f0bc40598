using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// SentencePiece's unigram model: of all ways to cut a piece into tokens, the one whose scores sum highest (Viterbi; Kudo
/// 2018, "Subword regularization"). An unknown character scores ten below the worst token.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    private const double UnknownPenalty = 10;
    private readonly CharacterTrie _trie;
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly UnknownText _unknown;

    /// <param name="trie">The tokens that text can become, with their ids.</param>
    /// <param name="scores">By token id.</param>
    /// <param name="unknown">What stands for unknown text.</param>
    public UnigramModel(CharacterTrie trie, double[] scores, UnknownText unknown)
    {
        _trie = trie;
        _scores = scores;
        _unknown = unknown;
        _unknownScore = (scores.Length == 0 ? 0 : scores.Min()) - UnknownPenalty;
    }

    public override void Encode(ReadOnlySpan<char> piece, List<int> tokens)
    {
        // The best way to each position: its score, where its last token begins, and that token (-1: unknown).
        var best = new (double Score, int Start, int Token)[piece.Length + 1];
        Array.Fill(best, (0, -1, -1));
        best[0].Start = 0;
        for (var at = 0; at < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[at..], out _, out var width);
            Extend(piece, at, width, best);
            at += width;
        }

        Collect(piece, best, tokens);
    }

    private void Extend(ReadOnlySpan<char> piece, int at, int width, (double Score, int Start, int Token)[] best)
    {
        var single = false;
        var node = 0;
        for (var end = at; end < piece.Length;)
        {
            node = _trie.Step(node, piece[end++]);
            if (node < 0)
            {
                break;
            }

            if (_trie.Value(node) is var token and >= 0)
            {
                Offer(best, at, end, best[at].Score + _scores[token], token);
                single |= end == at + width;
            }
        }

        if (!single)
        {
            Offer(best, at, at + width, best[at].Score + _unknownScore, -1);
        }
    }

    private static void Offer((double Score, int Start, int Token)[] best, int start, int end, double score, int token)
    {
        if (best[end].Start < 0 || score > best[end].Score)
        {
            best[end] = (score, start, token);
        }
    }

    private void Collect(ReadOnlySpan<char> piece, (double Score, int Start, int Token)[] best, List<int> tokens)
    {
        var steps = new Stack<(int Start, int End, int Token)>();
        for (var end = piece.Length; end > 0; end = best[end].Start)
        {
            steps.Push((best[end].Start, end, best[end].Token));
        }

        var afterUnknown = false;
        while (steps.TryPop(out var step))
        {
            if (step.Token >= 0)
            {
                tokens.Add(step.Token);
                afterUnknown = false;
            }
            else
            {
                afterUnknown = _unknown.Append(tokens, piece[step.Start..step.End], afterUnknown);
            }
        }
    }
}
