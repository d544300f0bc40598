namespace Landfall.Inference.Constraints.Grammars;

/// <summary>Tokens as a trie of their bytes, its nodes in preorder, so that a walk goes through arrays from front to back.</summary>
internal sealed class TokenTrie
{
    private readonly byte[] _labels;
    private readonly ushort[] _depths;
    private readonly int[] _ends;
    private readonly int[] _firstToken;
    private readonly int[] _tokens;

    private TokenTrie(List<byte> labels, List<ushort> depths, int[] ends, List<int> firstToken, int[] tokens)
    {
        (_labels, _depths, _ends, _tokens) = ([.. labels], [.. depths], ends, tokens);
        _firstToken = [.. firstToken, tokens.Length];
        MaxDepth = depths.Count == 0 ? 0 : depths.Max();
    }

    public int Count => _labels.Length;

    public int MaxDepth { get; }

    /// <summary>By node: the byte that leads to it.</summary>
    public ReadOnlySpan<byte> Labels => _labels;

    /// <summary>By node: how many bytes lead to it.</summary>
    public ReadOnlySpan<ushort> Depths => _depths;

    /// <summary>By node: the first node after those below it.</summary>
    public ReadOnlySpan<int> Ends => _ends;

    /// <summary>The tokens that end at a node.</summary>
    public ReadOnlySpan<int> TokensAt(int node) => _tokens.AsSpan(_firstToken[node], _firstToken[node + 1] - _firstToken[node]);

    /// <summary>A trie of these tokens, each of one byte or more.</summary>
    public static TokenTrie Build(IEnumerable<int> tokens, Func<int, byte[]> bytesOf)
    {
        var sorted = tokens.Select(token => (Bytes: bytesOf(token), Token: token)).ToArray();
        Array.Sort(sorted, static (left, right) => left.Bytes.AsSpan().SequenceCompareTo(right.Bytes) is var order and not 0 ? order : left.Token.CompareTo(right.Token));
        var (labels, depths, firstToken) = (new List<byte>(), new List<ushort>(), new List<int>());
        byte[] previous = [];
        for (var index = 0; index < sorted.Length; index++)
        {
            var bytes = sorted[index].Bytes;
            for (var depth = bytes.AsSpan().CommonPrefixLength(previous); depth < bytes.Length; depth++)
            {
                labels.Add(bytes[depth]);
                depths.Add((ushort)(depth + 1));
                firstToken.Add(index);
            }

            previous = bytes;
        }

        // The tokens of a node are those from its first one to the next node's; none where a token only passes through.
        return new TokenTrie(labels, depths, FindEnds(depths), firstToken, [.. sorted.Select(item => item.Token)]);
    }

    private static int[] FindEnds(List<ushort> depths)
    {
        var ends = new int[depths.Count];
        var open = new Stack<int>();
        for (var node = 0; node < depths.Count; node++)
        {
            while (open.TryPeek(out var top) && depths[top] >= depths[node])
            {
                ends[open.Pop()] = node;
            }

            open.Push(node);
        }

        while (open.TryPop(out var last))
        {
            ends[last] = depths.Count;
        }

        return ends;
    }
}
