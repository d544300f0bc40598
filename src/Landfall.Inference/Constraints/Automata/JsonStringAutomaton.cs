namespace Landfall.Inference.Constraints.Automata;

/// <summary>
/// JSON strings (RFC 8259) in their quotes, of well-formed UTF-8, with escapes and no lone surrogates, of a least and a
/// greatest number of characters. The states are numbers that hold a count and a place, so none are stored.
/// </summary>
internal sealed class JsonStringAutomaton(int minLength, int? maxLength) : ByteAutomaton
{
    private const int Places = 24;

    // Where within a character, after the count of whole ones.
    private const int Body = 0, Escape = 1, Hex4 = 2, Hex3 = 3, Hex3AfterD = 4, Hex2 = 5, Hex1 = 6, High2 = 7, High1 = 8, LowEscape = 9, LowU = 10,
        LowD = 11, LowC = 12, Tail1 = 13, Tail2 = 14, Tail3 = 15, AfterE0 = 16, AfterEd = 17, AfterF0 = 18, AfterF4 = 19, Open = 20, Closed = 21;

    /// <summary>Counts go no further where there is no greatest length.</summary>
    private readonly int _cap = maxLength ?? minLength;

    /// <summary>Any string.</summary>
    public static JsonStringAutomaton Any { get; } = new(0, null);

    public override int Start => Open;

    public override bool Accepts(int state) => state % Places == Closed;

    public override bool Continues(int state) => state % Places != Closed;

    public override int PlainCapacity(int state) => state % Places == Body ? maxLength - (state / Places) ?? int.MaxValue : 0;

    public override int Next(int state, byte value)
    {
        var (count, place) = (state / Places, state % Places);
        return place switch
        {
            Body => AfterBody(count, value),
            Open => value == '"' ? Body : Dead,
            Closed => Dead,
            Tail1 => value is >= 0x80 and <= 0xBF ? Counted(count) : Dead,
            Hex1 => char.IsAsciiHexDigit((char)value) ? Counted(count) : Dead,
            Escape when value is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => Counted(count),
            _ => Within(place, value) is var next and >= 0 ? (count * Places) + next : Dead,
        };
    }

    private static int Within(int place, byte value) => place switch
    {
        Escape => value == 'u' ? Hex4 : Dead,
        Hex4 => value is (byte)'d' or (byte)'D' ? Hex3AfterD : Hex(value, Hex3),
        Hex3 => Hex(value, Hex2),
        Hex3AfterD => value is >= (byte)'0' and <= (byte)'7' ? Hex2 : value is (byte)'8' or (byte)'9' or (byte)'a' or (byte)'A' or (byte)'b' or (byte)'B' ? High2 : Dead,
        Hex2 => Hex(value, Hex1),
        High2 => Hex(value, High1),
        High1 => Hex(value, LowEscape),
        LowEscape => value == '\\' ? LowU : Dead,
        LowU => value == 'u' ? LowD : Dead,
        LowD => value is (byte)'d' or (byte)'D' ? LowC : Dead,
        LowC => value is (>= (byte)'c' and <= (byte)'f') or (>= (byte)'C' and <= (byte)'F') ? Hex2 : Dead,
        Tail2 => value is >= 0x80 and <= 0xBF ? Tail1 : Dead,
        Tail3 => value is >= 0x80 and <= 0xBF ? Tail2 : Dead,
        AfterE0 => value is >= 0xA0 and <= 0xBF ? Tail1 : Dead,
        AfterEd => value is >= 0x80 and <= 0x9F ? Tail1 : Dead,
        AfterF0 => value is >= 0x90 and <= 0xBF ? Tail2 : Dead,
        AfterF4 => value is >= 0x80 and <= 0x8F ? Tail2 : Dead,
        _ => Dead,
    };

    private static int Hex(byte value, int next) => char.IsAsciiHexDigit((char)value) ? next : Dead;

    private int AfterBody(int count, byte value)
    {
        if (value == '"')
        {
            return count >= minLength ? Closed : Dead;
        }

        if (count == maxLength)
        {
            return Dead;
        }

        var place = value switch
        {
            (byte)'\\' => Escape,
            < 0x20 => Dead,
            < 0x80 => Body,
            < 0xC2 => Dead,
            < 0xE0 => Tail1,
            0xE0 => AfterE0,
            0xED => AfterEd,
            < 0xF0 => Tail2,
            0xF0 => AfterF0,
            < 0xF4 => Tail3,
            0xF4 => AfterF4,
            _ => Dead,
        };
        return place == Dead ? Dead : place == Body ? Counted(count) : (count * Places) + place;
    }

    private int Counted(int count) => Math.Min(count + 1, _cap) * Places;
}
