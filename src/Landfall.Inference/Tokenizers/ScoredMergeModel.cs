namespace Landfall.Inference.Tokenizers;

/// <summary>
/// SentencePiece's BPE as GGUF files hold it: no list of merges; two neighbours join where their joint text is a token, the
/// token of the highest score first.
/// </summary>
internal sealed class ScoredMergeModel : MergingModel
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int[] _ranks;
    private readonly int _longest;

    /// <param name="vocabulary">The tokens that text can become.</param>
    /// <param name="scores">By token id.</param>
    /// <param name="unknown">What stands for unknown characters.</param>
    public ScoredMergeModel(Dictionary<string, int> vocabulary, ReadOnlySpan<double> scores, UnknownText unknown)
    {
        Unknown = unknown;
        _lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = vocabulary.Count == 0 ? 0 : vocabulary.Keys.Max(text => text.Length);
        _ranks = Rank(scores);
    }

    protected override UnknownText Unknown { get; }

    protected override int Character(ReadOnlySpan<char> character, bool first, bool last) => _lookup.TryGetValue(character, out var token) ? token : -1;

    protected override bool Join(in Symbol left, in Symbol right, ReadOnlySpan<char> text, out int rank, out int token)
    {
        var length = left.Length + right.Length;
        if (length <= _longest && _lookup.TryGetValue(text.Slice(left.Start, length), out token))
        {
            rank = _ranks[token];
            return true;
        }

        (rank, token) = (0, 0);
        return false;
    }

    /// <summary>Positions in the order of falling scores; equal scores share one.</summary>
    private static int[] Rank(ReadOnlySpan<double> scores)
    {
        var order = Enumerable.Range(0, scores.Length).ToArray();
        var falling = scores.ToArray();
        for (var i = 0; i < falling.Length; i++)
        {
            falling[i] = -falling[i];
        }

        Array.Sort(falling, order);
        var ranks = new int[order.Length];
        for (var i = 1; i < order.Length; i++)
        {
            ranks[order[i]] = ranks[order[i - 1]] + (falling[i] > falling[i - 1] ? 1 : 0);
        }

        return ranks;
    }
}
