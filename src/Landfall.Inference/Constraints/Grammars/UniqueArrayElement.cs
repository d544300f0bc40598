using System.Numerics;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>A JSON array of values from a list, none of them twice. Its frame's state holds a bit per value that is used.</summary>
internal sealed class UniqueArrayElement(JsonPunctuation punctuation, byte[][] values, int min, int max) : Element
{
    /// <summary>How many values there may be.</summary>
    public const int MaxValues = 30;

    private readonly Terminal[] _values = [.. values.Select(value => new Terminal(new TrieAutomaton([value])))];

    public override bool Nests => true;

    public override void Enter(Closure closure, Frame? parent) => punctuation.OpenArray.Enter(closure, closure.Push(this, 0, parent));

    public override void Resume(Closure closure, Frame frame)
    {
        // The highest bit says that a comma was written and a value must follow.
        const int afterComma = 1 << MaxValues;
        var used = frame.State & ~afterComma;
        var count = BitOperations.PopCount((uint)used);
        if (frame.State == used && count > 0)
        {
            if (count < Math.Min(max, _values.Length))
            {
                punctuation.Comma.Enter(closure, closure.Push(this, used | afterComma, frame.Parent));
            }
        }
        else if (max > 0)
        {
            foreach (var (index, value) in _values.Index().Where(item => (used & (1 << item.Index)) == 0))
            {
                value.Enter(closure, closure.Push(this, used | (1 << index), frame.Parent));
            }
        }

        if (frame.State == used && count >= min)
        {
            punctuation.CloseArray.Enter(closure, frame.Parent);
        }
    }

    protected override int FindHeight() => min > max || min > _values.Length ? Impossible : 1;
}
