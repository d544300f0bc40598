using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>Keys that an object may not use again, as the bytes of their JSON strings after the opening quote. Immutable.</summary>
internal sealed class KeySet
{
    private readonly byte[][] _keys;
    private readonly Dictionary<long, int> _children = [];
    private readonly List<List<byte[]>> _below = [[]];
    private KeySet? _pending;
    private KeyAutomaton? _automaton;

    public KeySet(IEnumerable<byte[]> keys)
    {
        _keys = [.. keys];
        foreach (var key in _keys)
        {
            var node = 0;
            _below[0].Add(key);
            for (var index = 0; index < key.Length; index++)
            {
                if (!_children.TryGetValue(Place(node, key[index]), out var child))
                {
                    child = _below.Count;
                    _children.Add(Place(node, key[index]), child);
                    _below.Add([]);
                }

                node = child;
                _below[node].Add(key[(index + 1)..]);
            }
        }
    }

    /// <summary>
    /// The same keys and one more, which was just finished and is not known here: the answer's own state knows it and puts the
    /// full set in its place. Until then no other key may begin.
    /// </summary>
    public KeySet Pending => _pending ??= new KeySet(_keys) { IsPending = true };

    public bool IsPending { get; private init; }

    /// <summary>The set without the mark that a key is to come.</summary>
    public KeySet Settle() => IsPending ? new KeySet(_keys) : this;

    /// <summary>Nodes of the keys' trie are below it.</summary>
    public int Nodes => _below.Count;

    /// <summary>The node after a byte, or -1 where no key goes on like that.</summary>
    public int Child(int node, byte value) => _children.GetValueOrDefault(Place(node, value), -1);

    /// <summary>What is left of the keys that pass through a node.</summary>
    public IReadOnlyList<byte[]> Below(int node) => _below[node];

    /// <summary>The names of the object that the set belongs to, less these keys.</summary>
    public KeyAutomaton Without(ByteAutomaton names) => _automaton ??= new KeyAutomaton(names, this);

    public KeySet With(byte[] key) => new(_keys.Append(key));

    private static long Place(int node, byte value) => ((long)node << 8) | value;
}
