using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>A part of a grammar. Elements are shared by all answers; how far one has come stands in its frame.</summary>
internal abstract class Element
{
    /// <summary>The height of what cannot be finished at all.</summary>
    public const int Impossible = int.MaxValue;

    /// <summary>What JSON parsers take by default, less what a caller may wrap around an answer.</summary>
    public const int MaxDepth = 60;

    /// <summary>How many levels of arrays and objects the shallowest text of this element has.</summary>
    public int Height { get; private set; } = Impossible;

    /// <summary>Whether it is an array or object, and so a level of its own.</summary>
    public virtual bool Nests => false;

    /// <summary>Begins the element.</summary>
    public abstract void Enter(Closure closure, Frame? parent);

    /// <summary>Goes on after a part is finished.</summary>
    public virtual void Resume(Closure closure, Frame frame) => throw new InvalidOperationException($"{GetType().Name} has no parts.");

    /// <summary>Whether it can be finished within the levels that are left inside <paramref name="parent"/>.</summary>
    public bool Fits(Frame? parent) => Height != Impossible && (parent?.Depth ?? 0) + Height <= MaxDepth;

    /// <summary>Works the height out of the parts' heights; whether that changed it.</summary>
    public bool Measure()
    {
        var height = FindHeight();
        var changed = height < Height;
        Height = Math.Min(Height, height);
        return changed;
    }

    /// <summary>The parts without which it cannot be finished, where their heights are known to be <see cref="Impossible"/>.</summary>
    public virtual IEnumerable<Element> Needs() => [];

    protected abstract int FindHeight();

    /// <summary>A text that an automaton accepts.</summary>
    public sealed class Terminal(ByteAutomaton automaton) : Element
    {
        public ByteAutomaton Automaton { get; } = automaton;

        public override void Enter(Closure closure, Frame? parent) => closure.AddAutomaton(Automaton, Automaton.Start, parent);

        protected override int FindHeight() => 0;
    }

    /// <summary>One after another.</summary>
    public sealed class Sequence(params Element[] items) : Element
    {
        public override void Enter(Closure closure, Frame? parent) => Begin(closure, 0, parent);

        public override void Resume(Closure closure, Frame frame) => Begin(closure, frame.State, frame.Parent);

        public override IEnumerable<Element> Needs() => items;

        protected override int FindHeight() => items.Max(item => item.Height);

        // The last item's end is the sequence's.
        private void Begin(Closure closure, int index, Frame? parent) =>
            items[index].Enter(closure, index == items.Length - 1 ? parent : closure.Push(this, index + 1, parent));
    }

    /// <summary>Any of them.</summary>
    public sealed class Choice(params Element[] items) : Element
    {
        public override void Enter(Closure closure, Frame? parent)
        {
            foreach (var item in items)
            {
                if (item.Fits(parent))
                {
                    item.Enter(closure, parent);
                }
            }
        }

        public override IEnumerable<Element> Needs() => items;

        protected override int FindHeight() => items.Min(item => item.Height);
    }

    /// <summary>An element that may be used in several places, itself among them.</summary>
    public sealed class Rule(string place) : Element
    {
        /// <summary>Where it was stated.</summary>
        public string Place { get; } = place;

        public Element? Body { get; set; }

        public override void Enter(Closure closure, Frame? parent) => Body!.Enter(closure, parent);

        public override IEnumerable<Element> Needs() => [Body!];

        protected override int FindHeight() => Body!.Height;
    }

    /// <summary>What no text fits, and why.</summary>
    public sealed class Nothing(string place, string reason) : Element
    {
        public string Place { get; } = place;

        public string Reason { get; } = reason;

        public override void Enter(Closure closure, Frame? parent)
        {
        }

        protected override int FindHeight() => Impossible;
    }
}
