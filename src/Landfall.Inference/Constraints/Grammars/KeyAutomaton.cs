using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>The keys that <paramref name="names"/> accepts, less those of a set. A state is a state of the names and a node of the set's trie.</summary>
internal sealed class KeyAutomaton(ByteAutomaton names, KeySet keys) : ByteAutomaton
{
    // JSON strings begin with a quote, the set's keys do not.
    private const int BeforeQuote = 0;
    private readonly int _stride = keys.Nodes + 2;

    public override int Start => State(names.Start, BeforeQuote);

    private int OffTrie => keys.Nodes + 1;

    public override int Next(int state, byte value)
    {
        var (name, place) = (state / _stride, state % _stride);
        var next = names.Next(name, value);
        if (next == Dead)
        {
            return Dead;
        }

        if (place == BeforeQuote)
        {
            return Live(next, 0) ? State(next, 1) : Dead;
        }

        var node = place == OffTrie ? -1 : keys.Child(place - 1, value);
        if (node < 0)
        {
            return State(next, OffTrie);
        }

        return Live(next, node) ? State(next, node + 1) : Dead;
    }

    public override bool Accepts(int state) => names.Accepts(state / _stride);

    public override bool Continues(int state) => names.Continues(state / _stride);

    // Plain characters may be followed by more of them without end, so that none of the set's keys is in the way.
    public override int PlainCapacity(int state) => state % _stride == BeforeQuote ? 0 : names.PlainCapacity(state / _stride);

    public override (ByteAutomaton Automaton, int State) Simplify(int state) =>
        state % _stride == OffTrie ? (names, state / _stride) : (this, state);

    /// <summary>Whether a key is left that may be written.</summary>
    public bool Any() => Live(names.Next(names.Start, (byte)'"'), 0);

    private int State(int name, int place) => checked((name * _stride) + place);

    // Whether from here some name is accepted that is not in the set.
    private bool Live(int name, int node)
    {
        if (names.PlainCapacity(name) > 0)
        {
            return true;
        }

        var taken = keys.CountAccepted(node, names, name);
        return taken == 0 || HasMoreThan(taken, name);
    }

    // Breadth first; every state on the frontier leads to a name of its own, as the automaton has no dead ends.
    private bool HasMoreThan(int count, int start)
    {
        var found = 0;
        List<int> frontier = [start];
        while (frontier.Count > 0 && found + frontier.Count <= count)
        {
            var next = new List<int>();
            foreach (var state in frontier)
            {
                found += names.Accepts(state) ? 1 : 0;
                for (var value = 0; value < 256 && found + next.Count <= count; value++)
                {
                    if (names.Next(state, (byte)value) is var target and >= 0)
                    {
                        next.Add(target);
                    }
                }
            }

            frontier = next;
        }

        return found + frontier.Count > count;
    }
}
