namespace Landfall.Inference.Tokenizers;

/// <summary>Byte-pair encoding by a list of merges.</summary>
internal sealed class BpeModel : MergingModel
{
    private readonly Dictionary<string, int> _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<ulong, (int Rank, int Token)> _merges;
    private readonly BpeOptions _options;

    /// <summary>A model over a vocabulary without its special tokens, so that a text cannot name one.</summary>
    public BpeModel(Dictionary<string, int> vocabulary, Dictionary<ulong, (int Rank, int Token)> merges, BpeOptions options)
    {
        _vocabulary = vocabulary;
        _lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = merges;
        _options = options;
    }

    protected override UnknownText Unknown => _options.Unknown;

    /// <summary>The key of a pair of tokens.</summary>
    public static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    protected override int? WholePiece(ReadOnlySpan<char> piece) =>
        _options.IgnoreMerges && _lookup.TryGetValue(piece, out var token) ? token : null;

    protected override int Character(ReadOnlySpan<char> character, bool first, bool last)
    {
        if ((first || _options.ContinuingPrefix.Length == 0) && (!last || _options.EndSuffix.Length == 0))
        {
            return _lookup.TryGetValue(character, out var token) ? token : -1;
        }

        var text = (first ? "" : _options.ContinuingPrefix) + character.ToString() + (last ? _options.EndSuffix : "");
        return _vocabulary.TryGetValue(text, out var decorated) ? decorated : -1;
    }

    protected override bool Join(in Symbol left, in Symbol right, ReadOnlySpan<char> text, out int rank, out int token)
    {
        if (left.Token < 0 || right.Token < 0 || !_merges.TryGetValue(Pair(left.Token, right.Token), out var merge))
        {
            (rank, token) = (0, 0);
            return false;
        }

        (rank, token) = merge;
        return true;
    }
}

/// <summary>How a BPE model departs from plain merging.</summary>
/// <param name="Unknown">What stands for unknown characters.</param>
/// <param name="IgnoreMerges">Whether a piece that is a token as a whole is that token, whatever the merges say.</param>
/// <param name="ContinuingPrefix">What all characters but a piece's first are written with.</param>
/// <param name="EndSuffix">What a piece's last character is written with.</param>
internal sealed record BpeOptions(UnknownText Unknown, bool IgnoreMerges = false, string ContinuingPrefix = "", string EndSuffix = "");
