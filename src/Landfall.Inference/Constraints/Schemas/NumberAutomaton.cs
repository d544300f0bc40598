using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Landfall.Inference.Constraints.Automata;

namespace Landfall.Inference.Constraints.Schemas;

/// <summary>What a number must be.</summary>
/// <param name="Whole">Whether it is written without a fraction.</param>
/// <param name="Minimum">The least value; null: any.</param>
/// <param name="ExcludesMinimum">Whether the least value is itself too little.</param>
/// <param name="Maximum">The greatest value; null: any.</param>
/// <param name="ExcludesMaximum">Whether the greatest value is itself too much.</param>
/// <param name="Steps">What it must be a multiple of.</param>
internal sealed record NumberBounds(bool Whole, decimal? Minimum, bool ExcludesMinimum, decimal? Maximum, bool ExcludesMaximum, IReadOnlyList<decimal> Steps)
{
    /// <summary>Whether no number lies between the bounds.</summary>
    public bool IsEmpty => Minimum > Maximum || (Minimum == Maximum && Minimum is not null && (ExcludesMinimum || ExcludesMaximum));

    /// <summary>Whether they hold for a number.</summary>
    public bool Hold(decimal value) =>
        !(value < Minimum) && !(value > Maximum) && !(ExcludesMinimum && value == Minimum) && !(ExcludesMaximum && value == Maximum)
        && Steps.All(step => value % step == 0) && (!Whole || decimal.IsInteger(value));
}

/// <summary>
/// An automaton of the numbers within bounds, exact digit by digit: a state knows whether the digits so far are the same as a
/// bound's, or above or below it, and their remainder. Without bounds exponents are allowed; with them numbers are written out,
/// with no more digits than a double tells apart.
/// </summary>
internal sealed class NumberAutomaton
{
    private const int MaxStates = 200_000;
    private const int MaxRemainders = 2_000;

    /// <summary>Decimal digits that every double keeps apart.</summary>
    private const int DoubleDigits = 15;
    private readonly bool _exponent;
    private readonly int _maxDigits;
    private readonly int _maxFraction;
    private readonly int _modulus;
    private readonly int _scale;
    private readonly bool _hasPositive;
    private readonly bool _hasNegative;
    private readonly (Bound Low, Bound? High) _positive;
    private readonly (Bound Low, Bound? High) _negative;

    private NumberAutomaton(NumberBounds bounds, string place)
    {
        (_modulus, _scale) = Combine(bounds.Steps, place);
        _exponent = !bounds.Whole && bounds is { Minimum: null, Maximum: null, Steps.Count: 0 };
        var zero = new Bound(0, Excluded: false);
        var (low, high) = (Of(bounds.Minimum, bounds.ExcludesMinimum), Of(bounds.Maximum, bounds.ExcludesMaximum));
        (_hasPositive, _hasNegative) = (high is null || high.Value >= 0, low is null || low.Value < 0);
        _positive = (low is null || low.Value < 0 ? zero : low, high);
        _negative = (high is null || high.Value >= 0 ? new Bound(0, Excluded: true) : high with { Value = -high.Value }, low is null ? null : low with { Value = -low.Value });
        var digits = new[] { low, high }.Max(bound => bound is null ? 0 : bound.Whole.Length + bound.Fraction.Length + 1);
        _maxDigits = Math.Max(DoubleDigits, digits);
        _maxFraction = bounds.Whole ? 0 : bounds.Steps.Count > 0 ? _scale : _maxDigits - 1;
    }

    private enum Phase
    {
        Start,
        Minus,
        Zero,
        Whole,
        Point,
        Fraction,
        Exponent,
        ExponentPlus,
        ExponentMinus,

        /// <summary>After a digit that any may follow.</summary>
        ExponentAny,

        /// <summary>After a 1 above 0: up to 12, so that a System.Decimal holds the number.</summary>
        ExponentOne,
        ExponentEnd,
    }

    /// <summary>The automaton; empty where no number fits.</summary>
    public static TableAutomaton Build(NumberBounds bounds, string place)
    {
        var automaton = new NumberAutomaton(bounds, place);
        return TableAutomaton.Explore("-0123456789.eE+"u8, default(State), automaton.Step, automaton.Accepts, MaxStates)
            ?? throw new ConstraintException(place, "multipleOf together with these bounds is too large. Use a smaller or rounder number.");
    }

    private static Bound? Of(decimal? value, bool excluded) => value is { } known ? new Bound(known, excluded) : null;

    // One step that all steps divide, times a power of ten that makes it whole.
    private static (int Modulus, int Scale) Combine(IReadOnlyList<decimal> steps, string place)
    {
        var scale = steps.Select(step => new Bound(step, false).Fraction.Length).Append(0).Max();
        var modulus = BigInteger.One;
        foreach (var step in steps)
        {
            var scaled = new BigInteger(step) * BigInteger.Pow(10, scale) + BigInteger.Parse("0" + new Bound(step, false).Fraction.PadRight(scale, '0'), CultureInfo.InvariantCulture);
            modulus = modulus / BigInteger.GreatestCommonDivisor(modulus, scaled) * scaled;
        }

        return modulus <= MaxRemainders
            ? ((int)modulus, scale)
            : throw new ConstraintException(place, $"multipleOf has more than {MaxRemainders} remainders; use a number of fewer digits, or state the values by enum.");
    }

    private State? Step(State state, byte value)
    {
        var digit = value - '0';
        return (state.Phase, value) switch
        {
            (Phase.Start, (byte)'-') => !_hasNegative ? null : state with { Phase = Phase.Minus, Negative = true },
            (Phase.Start, >= (byte)'0' and <= (byte)'9') when !_hasPositive => null,
            (Phase.Start or Phase.Minus, (byte)'0') => AddWhole(state with { Phase = Phase.Zero }, 0),
            (Phase.Start or Phase.Minus or Phase.Whole, >= (byte)'0' and <= (byte)'9') => AddWhole(state with { Phase = Phase.Whole }, digit),
            (Phase.Zero or Phase.Whole, (byte)'.') => _maxFraction > 0 ? Settle(state) with { Phase = Phase.Point } : null,
            (Phase.Point or Phase.Fraction, >= (byte)'0' and <= (byte)'9') => AddFraction(state with { Phase = Phase.Fraction }, digit),
            (Phase.Zero or Phase.Whole or Phase.Fraction, (byte)'e' or (byte)'E') => _exponent ? new State { Phase = Phase.Exponent } : null,
            ( >= Phase.Exponent, _) => StepExponent(state.Phase, value) is { } phase ? new State { Phase = phase } : null,
            _ => null,
        };
    }

    private static Phase? StepExponent(Phase phase, byte value) => (phase, value) switch
    {
        (Phase.Exponent, (byte)'+') => Phase.ExponentPlus,
        (Phase.Exponent, (byte)'-') => Phase.ExponentMinus,
        (Phase.Exponent or Phase.ExponentPlus, (byte)'0') => Phase.ExponentAny,
        (Phase.Exponent or Phase.ExponentPlus, (byte)'1') => Phase.ExponentOne,
        (Phase.Exponent or Phase.ExponentPlus, >= (byte)'2' and <= (byte)'9') => Phase.ExponentEnd,
        (Phase.ExponentMinus, >= (byte)'0' and <= (byte)'9') => Phase.ExponentAny,
        (Phase.ExponentAny, >= (byte)'0' and <= (byte)'9') => Phase.ExponentEnd,
        (Phase.ExponentOne, >= (byte)'0' and <= (byte)'2') => Phase.ExponentEnd,
        _ => null,
    };

    private bool Accepts(State state)
    {
        if (state.Phase is Phase.ExponentAny or Phase.ExponentOne or Phase.ExponentEnd)
        {
            return true;
        }

        if (state.Phase is not (Phase.Zero or Phase.Whole or Phase.Fraction))
        {
            return false;
        }

        var (low, high) = state.Negative ? _negative : _positive;
        var settled = state.Phase == Phase.Fraction ? state : Settle(state);
        var remainder = (long)state.Remainder;
        for (var place = state.FractionDigits; place < _scale; place++)
        {
            remainder = remainder * 10 % _modulus;
        }

        return remainder == 0
            && low.IsBelow(settled.Low, settled.FractionDigits)
            && (high is null || high.IsAbove(settled.High, settled.FractionDigits));
    }

    private State? AddWhole(State state, int digit)
    {
        var (low, high) = state.Negative ? _negative : _positive;
        var next = state with
        {
            Digits = state.Digits + 1,
            Low = Compare(state.Low, low, state.Digits, digit),
            High = high is null ? 0 : Compare(state.High, high, state.Digits, digit),
            Remainder = (int)(((state.Remainder * 10L) + digit) % _modulus),
        };
        var tooLarge = high is not null && (next.Digits > high.Whole.Length || (next.Digits == high.Whole.Length && next.High > 0));
        return next.Digits > _maxDigits || tooLarge ? null : next;
    }

    private State? AddFraction(State state, int digit)
    {
        if (state.FractionDigits >= _maxFraction || state.Digits + state.FractionDigits >= _maxDigits)
        {
            return null;
        }

        var (low, high) = state.Negative ? _negative : _positive;
        return state with
        {
            FractionDigits = state.FractionDigits + 1,
            Low = low.CompareFraction(state.Low, state.FractionDigits, digit),
            High = high?.CompareFraction(state.High, state.FractionDigits, digit) ?? 0,
            Remainder = (int)(((state.Remainder * 10L) + digit) % _modulus),
        };
    }

    private static int Compare(int known, Bound bound, int index, int digit) =>
        known != 0 || index >= bound.Whole.Length ? known : digit.CompareTo(bound.Whole[index] - '0');

    // The whole digits are all there: fewer digits than the bound's are below it, more are above.
    private State Settle(State state)
    {
        var (low, high) = state.Negative ? _negative : _positive;
        return state with { Low = Settle(state.Low, state.Digits, low), High = high is null ? 0 : Settle(state.High, state.Digits, high) };
    }

    private static int Settle(int known, int digits, Bound bound) =>
        digits == bound.Whole.Length ? known : digits.CompareTo(bound.Whole.Length);

    /// <summary>What the digits so far say: how they compare with the bounds (-1 below, 0 the same, 1 above), and their remainder.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct State(Phase Phase, bool Negative, int Digits, int FractionDigits, int Low, int High, int Remainder);

    /// <summary>A bound of a magnitude.</summary>
    private sealed record Bound(decimal Value, bool Excluded)
    {
        private readonly string[] _parts = Math.Abs(Value).ToString("0.############################", CultureInfo.InvariantCulture).Split('.');

        public string Whole => _parts[0];

        public string Fraction => _parts.Length > 1 ? _parts[1] : "";

        public int CompareFraction(int known, int index, int digit) => known != 0 ? known : digit.CompareTo(index < Fraction.Length ? Fraction[index] - '0' : 0);

        /// <summary>Whether a number that compares like this after so many fraction digits is not below the bound.</summary>
        public bool IsBelow(int compared, int fractionDigits) => compared > 0 || (compared == 0 && fractionDigits >= Fraction.Length && !Excluded);

        /// <summary>Whether it is not above the bound.</summary>
        public bool IsAbove(int compared, int fractionDigits) => compared < 0 || (compared == 0 && (fractionDigits < Fraction.Length || !Excluded));
    }
}
