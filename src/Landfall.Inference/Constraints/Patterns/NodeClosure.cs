namespace Landfall.Inference.Constraints.Patterns;

/// <summary>Gathers the nodes that are reached without reading: those that read a character, and the accepting one.</summary>
internal sealed class NodeClosure(PatternNfa nfa)
{
    private readonly int[] _seen = new int[nfa.Nodes.Count];
    private readonly List<int> _set = [];
    private readonly Stack<int> _open = new();
    private int _round = 1;

    /// <summary>How many nodes were looked at, in all rounds.</summary>
    public long Work { get; private set; }

    public void Add(int node)
    {
        _open.Push(node);
        while (_open.TryPop(out var next))
        {
            Work++;
            if (next < 0 || _seen[next] == _round)
            {
                continue;
            }

            _seen[next] = _round;
            var (reads, first, second) = nfa.Nodes[next];
            if (reads is not null || first < 0)
            {
                _set.Add(next);
                continue;
            }

            _open.Push(second);
            _open.Push(first);
        }
    }

    /// <summary>What was gathered, in order; the closure is empty again.</summary>
    public int[] Take()
    {
        var set = _set.ToArray();
        Array.Sort(set);
        _set.Clear();
        _round++;
        return set;
    }
}
