using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>
/// Keys that an object may not use again, as the bytes of their JSON strings after the opening quote, in a trie. Immutable; a
/// set with one key more shares all nodes that are the same. As the closing quote is part of a key, none begins another.
/// </summary>
internal sealed class KeySet
{
    // By node.
    private readonly ImmutableList<Edge[]> _edges;
    private KeySet? _pending;
    private KeyAutomaton? _automaton;

    private KeySet(ImmutableList<Edge[]> edges, int added) => (_edges, Added) = (edges, added);

    /// <summary>The keys of properties that are stated by name.</summary>
    public static KeySet Of(IEnumerable<byte[]> keys)
    {
        var edges = ImmutableList.CreateBuilder<Edge[]>();
        edges.Add([]);
        foreach (var key in keys)
        {
            Insert(edges, key);
        }

        return new KeySet(edges.ToImmutable(), 0);
    }

    /// <summary>
    /// The same keys and one more, which was just finished and is not known here: the answer's own state knows it and puts the
    /// full set in its place. Until then no other key may begin.
    /// </summary>
    public KeySet Pending => _pending ??= new KeySet(_edges, Added) { IsPending = true };

    public bool IsPending { get; private init; }

    /// <summary>How many keys were added to those that are stated by name.</summary>
    public int Added { get; }

    /// <summary>Nodes of the keys' trie are below it.</summary>
    public int Nodes => _edges.Count;

    /// <summary>The node after a byte, or -1 where no key goes on like that.</summary>
    public int Child(int node, byte value)
    {
        foreach (var edge in _edges[node])
        {
            if (edge.Value == value)
            {
                return edge.Node;
            }
        }

        return -1;
    }

    /// <summary>How many of the keys that pass through a node end, from there on, as the automaton accepts from a state.</summary>
    public int CountAccepted(int node, ByteAutomaton automaton, int state)
    {
        var count = 0;
        var open = new Stack<(int Node, int State)>([(node, state)]);
        while (open.TryPop(out var place))
        {
            count += _edges[place.Node].Length == 0 && automaton.Accepts(place.State) ? 1 : 0;
            foreach (var edge in _edges[place.Node])
            {
                if (automaton.Next(place.State, edge.Value) is var next && next != ByteAutomaton.Dead)
                {
                    open.Push((edge.Node, next));
                }
            }
        }

        return count;
    }

    /// <summary>The names of the object that the set belongs to, less these keys.</summary>
    public KeyAutomaton Without(ByteAutomaton names) => _automaton ??= new KeyAutomaton(names, this);

    /// <summary>These keys and another.</summary>
    public KeySet With(byte[] key)
    {
        var edges = _edges.ToBuilder();
        Insert(edges, key);
        return new KeySet(edges.ToImmutable(), Added + 1);
    }

    private static void Insert(ImmutableList<Edge[]>.Builder edges, byte[] key)
    {
        var node = 0;
        foreach (var value in key)
        {
            var index = Array.FindIndex(edges[node], edge => edge.Value == value);
            if (index >= 0)
            {
                node = edges[node][index].Node;
                continue;
            }

            edges[node] = [.. edges[node], new Edge(value, edges.Count)];
            node = edges.Count;
            edges.Add([]);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Edge(byte Value, int Node);
}
