using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>
/// What one automaton in one state says about all tokens, whatever encloses it: the idea of XGrammar (Dong et al., arXiv
/// 2411.15100). Tokens that lie within the automaton's text are decided here; of those that go beyond it only the places
/// where they leave it are kept.
/// </summary>
internal sealed class TerminalMask
{
    private readonly ulong[] _dense = [];
    private readonly int[] _sparse = [];
    private readonly int[] _exits;

    private TerminalMask(TokenTrie trie, ulong[] bits, List<int> exits)
    {
        (Trie, _exits) = (trie, [.. exits]);
        if (bits.Sum(BitOperations.PopCount) > bits.Length)
        {
            _dense = bits;
        }
        else
        {
            _sparse = [.. List(bits)];
        }
    }

    /// <summary>The trie that <see cref="Exits"/> are nodes of.</summary>
    public TokenTrie Trie { get; }

    /// <summary>Nodes at which the automaton accepts and below which tokens go on.</summary>
    public ReadOnlySpan<int> Exits => _exits;

    /// <summary>About how much memory it takes.</summary>
    public int Bytes => 100 + (_dense.Length * sizeof(ulong)) + ((_sparse.Length + _exits.Length) * sizeof(int));

    public static TerminalMask Find(VocabularyIndex vocabulary, ByteAutomaton automaton, int state)
    {
        var plain = automaton.PlainCapacity(state);
        var trie = plain > 0 ? vocabulary.NotPlain : vocabulary.All;
        var bits = new ulong[vocabulary.Words];
        if (plain > 0)
        {
            vocabulary.Plain(plain).CopyTo(bits);
        }

        var states = ArrayPool<int>.Shared.Rent(trie.MaxDepth + 1);
        states[0] = state;
        var exits = Walk(trie, automaton, states, bits);
        ArrayPool<int>.Shared.Return(states);
        return new TerminalMask(trie, bits, exits);
    }

    /// <summary>Sets the bits of the tokens that lie within the automaton's text.</summary>
    public void AddTo(Span<ulong> bits)
    {
        if (_dense.Length > 0)
        {
            TensorPrimitives.BitwiseOr(bits, _dense, bits);
        }

        foreach (var token in _sparse)
        {
            bits[token >> 6] |= 1UL << token;
        }
    }

    private static List<int> Walk(TokenTrie trie, ByteAutomaton automaton, int[] states, ulong[] bits)
    {
        var exits = new List<int>();
        var labels = trie.Labels;
        var depths = trie.Depths;
        var ends = trie.Ends;
        for (var node = 0; node < labels.Length;)
        {
            var next = automaton.Next(states[depths[node] - 1], labels[node]);
            if (next == ByteAutomaton.Dead)
            {
                node = ends[node];
                continue;
            }

            states[depths[node]] = next;
            foreach (var token in trie.TokensAt(node))
            {
                bits[token >> 6] |= 1UL << token;
            }

            if (ends[node] > node + 1 && automaton.Accepts(next))
            {
                exits.Add(node);
            }

            node++;
        }

        return exits;
    }

    private static IEnumerable<int> List(ulong[] bits)
    {
        for (var word = 0; word < bits.Length; word++)
        {
            for (var left = bits[word]; left != 0; left &= left - 1)
            {
                yield return (word << 6) + BitOperations.TrailingZeroCount(left);
            }
        }
    }
}
