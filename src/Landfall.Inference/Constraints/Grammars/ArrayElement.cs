namespace Landfall.Inference.Constraints.Grammars;

/// <summary>A JSON array. Its frame's state is how many items there are, counted no further than matters.</summary>
/// <param name="punctuation">Its marks.</param>
/// <param name="first">What the first items are, one by one.</param>
/// <param name="rest">What the items after those are.</param>
/// <param name="min">The least number of items.</param>
/// <param name="max">The greatest; null: any.</param>
internal sealed class ArrayElement(JsonPunctuation punctuation, Element[] first, Element rest, int min, int? max) : Element
{
    private readonly int _cap = max ?? Math.Max(1, Math.Max(min, first.Length));

    // Without the comma there is none before the first.
    private readonly Element[] _following = [.. first.Append(rest).Select(item => new Sequence(punctuation.Comma, item))];

    public override bool Nests => true;

    public override void Enter(Closure closure, Frame? parent) => punctuation.OpenArray.Enter(closure, closure.Push(this, 0, parent));

    public override void Resume(Closure closure, Frame frame)
    {
        var count = frame.State;
        if (count >= min)
        {
            punctuation.CloseArray.Enter(closure, frame.Parent);
        }

        if (count < max || max is null)
        {
            var next = closure.Push(this, Math.Min(count + 1, _cap), frame.Parent);
            if (Item(count).Fits(next))
            {
                (count == 0 ? Item(0) : _following[Math.Min(count, first.Length)]).Enter(closure, next);
            }
        }
    }

    public override IEnumerable<Element> Needs() => Enumerable.Range(0, Math.Min(min, first.Length + 1)).Select(Item);

    protected override int FindHeight()
    {
        var height = Needs().Select(item => item.Height).Append(0).Max();
        return height == Impossible || min > max ? Impossible : height + 1;
    }

    private Element Item(int index) => index < first.Length ? first[index] : rest;
}
