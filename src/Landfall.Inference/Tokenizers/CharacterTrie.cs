namespace Landfall.Inference.Tokenizers;

/// <summary>Texts by their beginnings.</summary>
internal sealed class CharacterTrie
{
    private readonly Dictionary<ulong, int> _edges = [];
    private readonly List<int> _values = [-1];

    /// <summary>Adds a text with a value of 0 or more; a text that was there keeps its first value.</summary>
    public void Add(string text, int value)
    {
        var node = 0;
        foreach (var character in text)
        {
            var edge = Edge(node, character);
            if (!_edges.TryGetValue(edge, out var next))
            {
                next = _values.Count;
                _values.Add(-1);
                _edges.Add(edge, next);
            }

            node = next;
        }

        if (_values[node] < 0)
        {
            _values[node] = value;
        }
    }

    /// <summary>The node after a character; negative where no text goes on so. The root is 0.</summary>
    public int Step(int node, char character) => _edges.TryGetValue(Edge(node, character), out var next) ? next : -1;

    /// <summary>The value of the text that ends at a node, or -1.</summary>
    public int Value(int node) => _values[node];

    /// <summary>The longest text at the beginning of a span, or a value of -1.</summary>
    public (int Length, int Value) Longest(ReadOnlySpan<char> span)
    {
        var found = (Length: 0, Value: -1);
        var node = 0;
        for (var i = 0; i < span.Length; i++)
        {
            node = Step(node, span[i]);
            if (node < 0)
            {
                break;
            }

            if (_values[node] >= 0)
            {
                found = (i + 1, _values[node]);
            }
        }

        return found;
    }

    private static ulong Edge(int node, char character) => ((ulong)(uint)node << 16) | character;
}
