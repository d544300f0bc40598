namespace Landfall.Platform.Evaluation.Reports;

/// <summary>A chart's value axis: from a value to its place, 0 (left) to 1 (right).</summary>
internal sealed class Axis
{
    private const double LogFromRatio = 50;
    private readonly double _low;
    private readonly double _high;

    private Axis(double low, double high, bool log, IReadOnlyList<double> ticks)
    {
        (_low, _high, IsLog, Ticks) = (low, high, log, ticks);
    }

    public bool IsLog { get; }

    /// <summary>Round values within the axis, ascending.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis that holds all the finite values, with some room at both ends.</summary>
    /// <param name="values">What is to be drawn.</param>
    /// <param name="isRate">Fractions stay within 0 to 1 and are never drawn on a logarithmic scale.</param>
    public static Axis For(IEnumerable<double> values, bool isRate)
    {
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (min, max) = (finite.Min(), finite.Max());
        if (!isRate && min > 0 && max / min >= LogFromRatio)
        {
            var room = Math.Pow(max / min, 0.06);
            return new(Math.Log10(min / room), Math.Log10(max * room), log: true, Decades(min / room, max * room));
        }

        var span = max - min;
        var margin = span > 0 && double.IsFinite(span) ? span * 0.08 : Math.Max(Math.Abs(max) * 0.05, 0.01);
        var (low, high) = (min - margin, max + margin);
        if (isRate && min >= 0 && max <= 1)
        {
            (low, high) = (Math.Max(low, 0), Math.Min(high, 1));
        }

        return new(low, high, log: false, Rounds(low, high));
    }

    /// <summary>The place of a value; infinite ones and those outside stand at the ends.</summary>
    public double Place(double value)
    {
        if (double.IsNaN(value))
        {
            return 0.5;
        }

        var at = IsLog ? Math.Log10(Math.Max(value, double.Epsilon)) : value;
        return Math.Clamp((at - _low) / (_high - _low), 0, 1);
    }

    private static List<double> Rounds(double low, double high)
    {
        var ticks = new List<double>();
        var rough = (high - low) / 4;
        if (!double.IsFinite(rough) || rough <= 0)
        {
            return ticks;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = (rough / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
        for (var i = Math.Ceiling((low / step) - 1e-9); i * step <= high + (step * 1e-9) && ticks.Count < 12; i++)
        {
            // Rounded again, since 3 * 0.1 is not 0.3.
            ticks.Add(double.Parse((i * step).ToString("G10", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static List<double> Decades(double low, double high)
    {
        var (from, to) = ((int)Math.Ceiling(Math.Log10(low)), (int)Math.Floor(Math.Log10(high)));
        var every = Math.Max(1, (to - from + 4) / 5);
        var ticks = new List<double>();
        for (var power = from; power <= to; power += every)
        {
            ticks.Add(Math.Pow(10, power));
        }

        return ticks;
    }
}
