using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>Gathers all ways on that are reached without reading a byte.</summary>
internal sealed class Closure(FrameTable frames)
{
    private readonly List<Leaf> _leaves = [];
    private readonly HashSet<Leaf> _known = [];
    private bool _ends;

    /// <summary>A frame, the same object for the same values.</summary>
    public Frame Push(Element owner, int state, Frame? parent, KeySet? keys = null) =>
        frames.Intern(owner, state, keys, parent, (parent?.Depth ?? 0) + (owner.Nests ? 1 : 0));

    /// <summary>A text of the automaton may follow from that state on, and then what <paramref name="parent"/> says.</summary>
    public void AddAutomaton(ByteAutomaton automaton, int state, Frame? parent)
    {
        if (automaton.Continues(state))
        {
            var (simple, simpleState) = automaton.Simplify(state);
            var leaf = new Leaf(simple, simpleState, parent);
            if (_known.Add(leaf))
            {
                _leaves.Add(leaf);
            }
        }

        if (automaton.Accepts(state))
        {
            Finish(parent);
        }
    }

    /// <summary>The part that <paramref name="frame"/> waits for is finished; null: the whole text is.</summary>
    public void Finish(Frame? frame)
    {
        if (frame is null)
        {
            _ends = true;
        }
        else
        {
            frame.Owner.Resume(this, frame);
        }
    }

    /// <summary>What was gathered; the closure is empty again.</summary>
    public (Leaf[] Leaves, bool Ends) Take()
    {
        var result = (_leaves.ToArray(), _ends);
        _leaves.Clear();
        _known.Clear();
        _ends = false;
        return result;
    }
}
