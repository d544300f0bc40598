namespace Landfall.Inference.Constraints.Automata;

/// <summary>Accepts a list of texts.</summary>
internal sealed class TrieAutomaton : ByteAutomaton
{
    private readonly Dictionary<long, int> _children = [];
    private readonly List<bool> _accepts = [false];
    private readonly List<bool> _continues = [false];

    public TrieAutomaton(IEnumerable<byte[]> texts)
    {
        foreach (var text in texts)
        {
            var node = 0;
            foreach (var value in text)
            {
                _continues[node] = true;
                node = Child(node, value);
            }

            _accepts[node] = true;
        }
    }

    public override int Start => 0;

    public override int Next(int state, byte value) => _children.GetValueOrDefault(Key(state, value), Dead);

    public override bool Accepts(int state) => _accepts[state];

    public override bool Continues(int state) => _continues[state];

    private static long Key(int node, byte value) => ((long)node << 8) | value;

    private int Child(int node, byte value)
    {
        if (!_children.TryGetValue(Key(node, value), out var child))
        {
            child = _accepts.Count;
            _children.Add(Key(node, value), child);
            _accepts.Add(false);
            _continues.Add(false);
        }

        return child;
    }
}
