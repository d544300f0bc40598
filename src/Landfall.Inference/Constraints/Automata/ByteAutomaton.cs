namespace Landfall.Inference.Constraints.Automata;

/// <summary>
/// A deterministic automaton over bytes. From every state that it gives out, some continuation is accepted: it has no dead
/// ends.
/// </summary>
internal abstract class ByteAutomaton
{
    /// <summary>What <see cref="Next"/> gives where no accepted text goes on with that byte.</summary>
    public const int Dead = -1;

    public abstract int Start { get; }

    /// <summary>The state after one more byte, or <see cref="Dead"/>.</summary>
    public abstract int Next(int state, byte value);

    /// <summary>Whether the text may end here.</summary>
    public abstract bool Accepts(int state);

    /// <summary>Whether a byte may follow.</summary>
    public abstract bool Continues(int state);

    /// <summary>
    /// How many characters that stand for themselves in a JSON string may follow, whichever they are; 0 where it depends on
    /// which. Their tokens need not be looked at one by one.
    /// </summary>
    public virtual int PlainCapacity(int state) => 0;

    /// <summary>The same state in a simpler automaton, where there is one.</summary>
    public virtual (ByteAutomaton Automaton, int State) Simplify(int state) => (this, state);

    /// <summary>Whether the whole text is accepted.</summary>
    public bool Matches(ReadOnlySpan<byte> text)
    {
        var state = Start;
        foreach (var value in text)
        {
            state = Next(state, value);
            if (state == Dead)
            {
                return false;
            }
        }

        return Accepts(state);
    }
}
