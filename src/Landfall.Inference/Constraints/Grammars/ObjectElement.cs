using System.Runtime.InteropServices;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Grammars;

/// <summary>A property that is stated by name.</summary>
/// <param name="Key">Its name as a JSON string, quotes and all.</param>
/// <param name="Value">What its value may be.</param>
/// <param name="Required">Whether it must be there.</param>
internal sealed record ObjectProperty(byte[] Key, Element Value, bool Required);

/// <summary>Properties that are not stated by name.</summary>
/// <param name="Names">Their names as JSON strings.</param>
/// <param name="Value">What their values may be.</param>
/// <param name="EndlessNames">Whether there are names without end.</param>
internal sealed record FurtherProperties(ByteAutomaton Names, Element Value, bool EndlessNames);

/// <summary>
/// A JSON object: the stated properties in their order, those that are not required left out or not, then further ones; no
/// key twice. Its frame's state holds the next property, how many there were (counted no further than matters), and where
/// within a further property the text is.
/// </summary>
internal sealed class ObjectElement : Element
{
    /// <summary>How many further properties an object may have: each makes the set of its keys larger.</summary>
    public const int MaxFurther = 256;
    private readonly JsonPunctuation _punctuation;
    private readonly ObjectProperty[] _properties;
    private readonly Element[] _first;
    private readonly Element[] _following;
    private readonly FurtherProperties? _further;
    private readonly KeySet _names;
    private readonly int _min;
    private readonly int? _max;
    private readonly int _cap;

    public ObjectElement(JsonPunctuation punctuation, ObjectProperty[] properties, FurtherProperties? further, KeySet names, int min, int? max)
    {
        (_punctuation, _properties, _further, _names, _min, _max) = (punctuation, properties, further, names, min, max);
        _cap = max ?? Math.Max(min, 1);
        _first = [.. properties.Select(property => new Sequence(new Terminal(new TrieAutomaton([property.Key])), punctuation.Colon, property.Value))];
        _following = [.. _first.Select(property => new Sequence(punctuation.Comma, property))];
    }

    private enum Phase
    {
        /// <summary>Before a property or the end.</summary>
        Boundary,

        /// <summary>After the comma before a further property.</summary>
        Key,

        /// <summary>After a further property's key.</summary>
        Colon,

        /// <summary>After its colon.</summary>
        Value,
    }

    public override bool Nests => true;

    public override void Enter(Closure closure, Frame? parent) =>
        _punctuation.OpenObject.Enter(closure, Push(closure, new Place(0, 0, Phase.Boundary), _names, parent));

    public override void Resume(Closure closure, Frame frame)
    {
        var place = Decode(frame.State);
        var keys = frame.Keys!;
        switch (place.Phase)
        {
            case Phase.Boundary:
                AtBoundary(closure, frame, place);
                break;
            case Phase.Key:
                EnterKey(closure, frame, place);
                break;
            case Phase.Colon:
                _punctuation.Colon.Enter(closure, Push(closure, place with { Phase = Phase.Value }, keys.Pending, frame.Parent));
                break;
            default:
                _further!.Value.Enter(closure, Push(closure, new Place(_properties.Length, Counted(place.Count), Phase.Boundary), keys, frame.Parent));
                break;
        }
    }

    /// <summary>The frame with the key that was just finished: known to the answer's state alone.</summary>
    public static Frame Record(Closure closure, Frame frame, byte[] key) =>
        closure.Push(frame.Owner, frame.State, frame.Parent, frame.Keys!.With(key));

    public override IEnumerable<Element> Needs()
    {
        var required = Required().ToList();
        return required.Count >= _min ? required : _properties.Select(property => property.Value).Concat(_further is null ? [] : [_further.Value]);
    }

    protected override int FindHeight()
    {
        var required = Required().Select(value => value.Height).ToList();
        var others = _properties.Where(property => !property.Required).Select(property => property.Value.Height);
        if (_further is { } further)
        {
            others = others.Concat(Enumerable.Repeat(further.Value.Height, FurtherSuffice ? Math.Min(_min, MaxFurther) : 0));
        }

        var wanted = others.Order().Take(Math.Max(0, _min - required.Count)).ToList();
        var height = required.Concat(wanted).Append(0).Max();
        return required.Count + wanted.Count < _min || required.Count > _max || _min > _max || height == Impossible ? Impossible : height + 1;
    }

    private IEnumerable<Element> Required() => _properties.Where(property => property.Required).Select(property => property.Value);

    // Whether there are always enough further properties, because their names have no end.
    private bool FurtherSuffice => _further is { EndlessNames: true };

    private void AtBoundary(Closure closure, Frame frame, Place place)
    {
        var required = _properties.Skip(place.Index).Count(property => property.Required);
        var index = place.Index;
        for (; index < _properties.Length; index++)
        {
            var property = _properties[index];
            var next = Push(closure, new Place(index + 1, Counted(place.Count), Phase.Boundary), frame.Keys!, frame.Parent);
            required -= property.Required ? 1 : 0;
            if (property.Value.Fits(next) && (_max is null || place.Count + 1 + required <= _max) && CanReachMin(place.Count + 1, index + 1, next))
            {
                (place.Count == 0 ? _first : _following)[index].Enter(closure, next);
            }

            if (property.Required)
            {
                return;
            }
        }

        if (_further is not null && !frame.Keys!.IsPending)
        {
            EnterFurther(closure, frame, place);
        }

        if (place.Count >= _min)
        {
            _punctuation.CloseObject.Enter(closure, frame.Parent);
        }
    }

    private void EnterFurther(Closure closure, Frame frame, Place place)
    {
        if (frame.Keys!.Added >= MaxFurther || (_max is not null && place.Count >= _max) || !_further!.Value.Fits(frame) || !frame.Keys.Without(_further.Names).Any()
            || !CanReachMin(place.Count + 1, _properties.Length, frame))
        {
            return;
        }

        if (place.Count == 0)
        {
            EnterKey(closure, frame, place);
        }
        else
        {
            _punctuation.Comma.Enter(closure, Push(closure, place with { Phase = Phase.Key }, frame.Keys, frame.Parent));
        }
    }

    private void EnterKey(Closure closure, Frame frame, Place place)
    {
        var automaton = frame.Keys!.Without(_further!.Names);
        closure.AddAutomaton(automaton, automaton.Start, Push(closure, place with { Phase = Phase.Colon }, frame.Keys, frame.Parent));
    }

    private bool CanReachMin(int count, int index, Frame frame) =>
        count >= _min
        || count + _properties.Skip(index).Count(property => property.Value.Fits(frame)) + FurtherLeft(frame) >= _min;

    private int FurtherLeft(Frame frame) => FurtherSuffice && _further!.Value.Fits(frame) ? MaxFurther - frame.Keys!.Added : 0;

    private int Counted(int count) => Math.Min(count + 1, _cap);

    private Frame Push(Closure closure, Place place, KeySet keys, Frame? parent) =>
        closure.Push(this, (((place.Index * (_cap + 1)) + place.Count) * 4) + (int)place.Phase, parent, keys);

    private Place Decode(int state) => new(state / 4 / (_cap + 1), state / 4 % (_cap + 1), (Phase)(state % 4));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(int Index, int Count, Phase Phase);
}
