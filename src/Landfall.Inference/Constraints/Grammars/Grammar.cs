using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>
/// A constraint at work over a vocabulary: follows bytes through an element's texts, and finds the tokens that may follow.
/// What it works out is remembered, within bounds, for all requests.
/// </summary>
internal sealed class Grammar
{
    /// <summary>Of remembered masks.</summary>
    private const long MaxMaskBytes = 32 << 20;
    private readonly Lock _lock = new();
    private readonly FrameTable _frames = new();
    private readonly Closure _closure;
    private readonly Dictionary<(ByteAutomaton, int), TerminalMask> _masks = [];
    private readonly Configuration[] _walk;
    private long _maskBytes;
    private int _forgotten;

    public Grammar(Element root, VocabularyIndex vocabulary)
    {
        Vocabulary = vocabulary;
        _closure = new Closure(_frames);
        _walk = new Configuration[vocabulary.All.MaxDepth + 1];
        root.Enter(_closure, null);
        Start = Configure();
    }

    public VocabularyIndex Vocabulary { get; }

    public Configuration Start { get; }

    /// <summary>What follows after a byte; <see cref="Configuration.Dead"/> where it may not come.</summary>
    public Configuration Step(Configuration from, byte value)
    {
        lock (_lock)
        {
            return Follow(from, value);
        }
    }

    /// <summary>Puts the key that was just finished where objects wait for it.</summary>
    public Configuration Record(Configuration from, byte[] key)
    {
        lock (_lock)
        {
            var changed = false;
            var leaves = from.Leaves.ToArray();
            foreach (ref var leaf in leaves.AsSpan())
            {
                if (leaf.Parent is { Keys.IsPending: true } frame)
                {
                    _frames.AddKey(key);
                    leaf = leaf with { Parent = ObjectElement.Record(_closure, frame, key) };
                    changed = true;
                }
            }

            return changed ? Intern(leaves, from.Ends) : from;
        }
    }

    /// <summary>Sets the bits of the tokens that may follow, and clears all others.</summary>
    public void Allow(Configuration configuration, Span<ulong> bits)
    {
        bits.Clear();
        lock (_lock)
        {
            foreach (var leaf in configuration.Leaves)
            {
                var mask = Mask(leaf.Automaton, leaf.State);
                mask.AddTo(bits);
                if (mask.Exits.Length > 0)
                {
                    AllowBeyond(mask, After(leaf.Parent), bits);
                }
            }
        }
    }

    private void AllowBeyond(TerminalMask mask, Configuration after, Span<ulong> bits)
    {
        if (after.Leaves.Length == 0)
        {
            return;
        }

        var labels = mask.Trie.Labels;
        var depths = mask.Trie.Depths;
        var ends = mask.Trie.Ends;
        foreach (var exit in mask.Exits)
        {
            _walk[depths[exit]] = after;
            for (var node = exit + 1; node < ends[exit];)
            {
                var next = Follow(_walk[depths[node] - 1], labels[node]);
                if (next == Configuration.Dead)
                {
                    node = ends[node];
                    continue;
                }

                _walk[depths[node]] = next;
                foreach (var token in mask.Trie.TokensAt(node))
                {
                    bits[token >> 6] |= 1UL << token;
                }

                node++;
            }
        }
    }

    private TerminalMask Mask(ByteAutomaton automaton, int state)
    {
        if (!_masks.TryGetValue((automaton, state), out var mask))
        {
            mask = TerminalMask.Find(Vocabulary, automaton, state);
            if (_maskBytes + mask.Bytes > MaxMaskBytes)
            {
                _masks.Clear();
                _maskBytes = 0;
            }

            _masks.Add((automaton, state), mask);
            _maskBytes += mask.Bytes;
        }

        return mask;
    }

    private Configuration After(Frame? frame)
    {
        if (frame is null)
        {
            return Configuration.Dead;
        }

        if (frame.After is null)
        {
            _closure.Finish(frame);
            frame.After = Configure();
        }

        return frame.After;
    }

    private Configuration Follow(Configuration from, byte value)
    {
        from.Next ??= new Configuration?[256];
        return from.Next[value] ??= FindNext(from, value);
    }

    private Configuration FindNext(Configuration from, byte value)
    {
        foreach (var leaf in from.Leaves)
        {
            var next = leaf.Automaton.Next(leaf.State, value);
            if (next != ByteAutomaton.Dead)
            {
                _closure.AddAutomaton(leaf.Automaton, next, leaf.Parent);
            }
        }

        return Configure();
    }

    private Configuration Configure()
    {
        var (leaves, ends) = _closure.Take();
        return Intern(leaves, ends);
    }

    private Configuration Intern(Leaf[] leaves, bool ends)
    {
        var found = _frames.Intern(leaves, ends);
        if (_frames.Forgotten != _forgotten)
        {
            _forgotten = _frames.Forgotten;
            Unlink();
        }

        return found;
    }

    // All that was worked out hangs on the first configuration, and would stay.
    private void Unlink()
    {
        Start.Next = null;
        foreach (var leaf in Start.Leaves)
        {
            for (var frame = leaf.Parent; frame is not null; frame = frame.Parent)
            {
                frame.After = null;
            }
        }
    }
}
