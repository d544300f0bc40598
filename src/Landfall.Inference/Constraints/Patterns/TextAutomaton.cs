using System.Runtime.InteropServices;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Patterns;

/// <summary>
/// The texts that a <see cref="CharacterDfa"/> accepts, as UTF-8, or as JSON strings in their quotes with the shortest escapes
/// and no others. States within a character are worked out as they are met, so that an object serves one grammar alone, under
/// its lock.
/// </summary>
internal sealed class TextAutomaton : ByteAutomaton
{
    private const int Open = 0;
    private const int Closed = 1;

    /// <summary>Of a kilobyte each.</summary>
    private const int MaxRows = 4096;
    private readonly CharacterDfa _dfa;
    private readonly bool _json;
    private readonly bool[] _plain;
    private readonly Dictionary<Place, int> _numbers = [];
    private readonly List<Place> _places = [];
    private readonly List<int[]> _next = [];
    private int _rows;

    public TextAutomaton(CharacterDfa dfa, bool json)
    {
        (_dfa, _json) = (dfa, json);
        _plain = json ? FindPlain(dfa) : new bool[dfa.States];
        Number(new Place(CharacterDfa.Start, Kind.Open, 0, 0));
        Number(new Place(CharacterDfa.Start, Kind.Closed, 0, 0));
        Start = json ? Open : Number(new Place(CharacterDfa.Start, Kind.Whole, 0, 0));
    }

    private enum Kind
    {
        /// <summary>Before the opening quote.</summary>
        Open,

        /// <summary>After the closing quote.</summary>
        Closed,

        /// <summary>Between characters.</summary>
        Whole,

        /// <summary>Within UTF-8; the bits so far decide what may follow.</summary>
        Prefix,

        /// <summary>Within UTF-8; whatever follows, the state is known.</summary>
        Tail,

        /// <summary>After a backslash.</summary>
        Escape,

        /// <summary>Within \u00XX; the value holds the digits so far.</summary>
        Hex,
    }

    public override int Start { get; }

    public override bool Accepts(int state) =>
        _json ? state == Closed : _places[state] is { Kind: Kind.Whole } place && _dfa.Accepts(place.State);

    public override bool Continues(int state) =>
        state != Closed && (_json || _places[state].Kind != Kind.Whole || _dfa.Continues(_places[state].State));

    public override int PlainCapacity(int state) =>
        _places[state].Kind == Kind.Whole && _plain[_places[state].State] ? int.MaxValue : 0;

    public override int Next(int state, byte value)
    {
        const int unknown = -2;
        if (_next[state].Length == 0)
        {
            ForgetWhenFull();
            _next[state] = new int[256];
            Array.Fill(_next[state], unknown);
        }

        ref var next = ref _next[state][value];
        if (next == unknown)
        {
            next = Step(_places[state], value) is { } place ? Number(place) : Dead;
        }

        return next;
    }

    // Rows are worked out again where they are needed; states keep their numbers.
    private void ForgetWhenFull()
    {
        if (++_rows > MaxRows)
        {
            CollectionsMarshal.AsSpan(_next).Fill([]);
            _rows = 1;
        }
    }

    private Place? Step(Place place, byte value) => place.Kind switch
    {
        Kind.Open => value == '"' ? new Place(CharacterDfa.Start, Kind.Whole, 0, 0) : null,
        Kind.Whole => Begin(place.State, value),
        Kind.Prefix when value is >= 0x80 and <= 0xBF => Prefix(place.State, (place.Value << 6) | (value & 0x3F), place.Left - 1, place.Shortest),
        Kind.Tail when value is >= 0x80 and <= 0xBF => place.Left == 1 ? new Place(place.State, Kind.Whole, 0, 0) : place with { Left = place.Left - 1 },
        Kind.Escape => AfterBackslash(place.State, value),
        Kind.Hex => AfterHex(place, value),
        _ => null,
    };

    private Place? Begin(int state, byte value)
    {
        if (_json && value == '"')
        {
            return _dfa.Accepts(state) ? new Place(CharacterDfa.Start, Kind.Closed, 0, 0) : null;
        }

        if (_json && value == '\\')
        {
            return CanEscape(state) ? new Place(state, Kind.Escape, 0, 0) : null;
        }

        return value switch
        {
            < 0x20 when _json => null,
            < 0x80 => Whole(state, value),
            < 0xC2 => null,
            < 0xE0 => Prefix(state, value & 0x1F, 1, 0x80),
            < 0xF0 => Prefix(state, value & 0x0F, 2, 0x800),
            < 0xF5 => Prefix(state, value & 0x07, 3, 0x10000),
            _ => null,
        };
    }

    // Within a character that has so many bytes left; null where no code point that they can make is accepted.
    private Place? Prefix(int state, int bits, int left, int shortest)
    {
        if (left == 0)
        {
            return bits < shortest ? null : Whole(state, bits);
        }

        var first = Math.Max(bits << (6 * left), shortest);
        var last = Math.Min((bits << (6 * left)) | ((1 << (6 * left)) - 1), CharacterClass.LastCodePoint);
        if (first > last)
        {
            return null;
        }

        var symbols = _dfa.Alphabet.SymbolsBetween(first, last);
        if (symbols.Length == 1 && last - first == (1 << (6 * left)) - 1)
        {
            var target = _dfa.Next(state, symbols[0]);
            return target == CharacterDfa.Dead ? null : new Place(target, Kind.Tail, 0, left);
        }

        foreach (var symbol in symbols)
        {
            if (_dfa.Next(state, symbol) != CharacterDfa.Dead)
            {
                return new Place(state, Kind.Prefix, bits, left) { Shortest = shortest };
            }
        }

        return null;
    }

    private Place? Whole(int state, int codePoint)
    {
        var target = codePoint is >= 0xD800 and <= 0xDFFF ? CharacterDfa.Dead : _dfa.Next(state, _dfa.Alphabet.SymbolOf(codePoint));
        return target == CharacterDfa.Dead ? null : new Place(target, Kind.Whole, 0, 0);
    }

    private bool CanEscape(int state)
    {
        for (var codePoint = 0; codePoint < 0x20; codePoint++)
        {
            if (Whole(state, codePoint) is not null)
            {
                return true;
            }
        }

        return Whole(state, '"') is not null || Whole(state, '\\') is not null;
    }

    private Place? AfterBackslash(int state, byte value) => value switch
    {
        (byte)'"' or (byte)'\\' => Whole(state, value),
        (byte)'b' => Whole(state, '\b'),
        (byte)'f' => Whole(state, '\f'),
        (byte)'n' => Whole(state, '\n'),
        (byte)'r' => Whole(state, '\r'),
        (byte)'t' => Whole(state, '\t'),
        (byte)'u' => Hex(state, 0, 4),
        _ => null,
    };

    private Place? AfterHex(Place place, byte value)
    {
        // Lower case, as System.Text.Json, Python and JavaScript write it, but for the first: they write control characters only.
        var digit = "0123456789abcdef".IndexOf((char)value, StringComparison.Ordinal);
        return digit < 0 ? null : Hex(place.State, (place.Value << 4) | digit, place.Left - 1);
    }

    private Place? Hex(int state, int value, int left)
    {
        if (left == 0)
        {
            return NeedsHex(value) ? Whole(state, value) : null;
        }

        for (var codePoint = 0; codePoint < 0x20; codePoint++)
        {
            if (codePoint >> (4 * left) == value && NeedsHex(codePoint) && Whole(state, codePoint) is not null)
            {
                return new Place(state, Kind.Hex, value, left);
            }
        }

        return null;
    }

    private static bool NeedsHex(int codePoint) => codePoint is < 0x20 and not ('\b' or '\f' or '\n' or '\r' or '\t');

    private int Number(Place place)
    {
        if (!_numbers.TryGetValue(place, out var number))
        {
            number = _places.Count;
            _numbers.Add(place, number);
            _places.Add(place);
            _next.Add([]);
        }

        return number;
    }

    // The states that no plain characters lead out of: those from which none leads to a state that lacks one.
    private static bool[] FindPlain(CharacterDfa dfa)
    {
        var symbols = new HashSet<int>();
        foreach (var (first, last) in ((int, int)[])[(0x20, 0x21), (0x23, 0x5B), (0x5D, 0xD7FF), (0xE000, CharacterClass.LastCodePoint)])
        {
            symbols.UnionWith(dfa.Alphabet.SymbolsBetween(first, last).ToArray());
        }

        var next = new int[dfa.States * symbols.Count];
        var lacks = new bool[dfa.States];
        for (var state = 0; state < dfa.States; state++)
        {
            foreach (var (index, symbol) in symbols.Index())
            {
                next[(state * symbols.Count) + index] = dfa.Next(state, symbol);
                lacks[state] |= dfa.Next(state, symbol) == CharacterDfa.Dead;
            }
        }

        return [.. LiveStates.Find(next, lacks, symbols.Count).Select(leaves => !leaves)];
    }

    /// <summary>A state of the characters' automaton, and where within a character.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(int State, Kind Kind, int Value, int Left)
    {
        /// <summary>The least code point that this many bytes may stand for.</summary>
        public int Shortest { get; init; }
    }
}
