using System.Globalization;

namespace Landfall.Platform.Evaluation.Reports;

/// <summary>Numbers as people read them in a report: the same digits in every language.</summary>
internal static class Figures
{
    private const int MostDecimals = 10;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A metric's value, with its unit where the metric's name carries one (<c>-ms</c>, <c>-usd</c>).</summary>
    public static string Metric(string metric, double value) => WithUnit(metric, Digits(value, Decimals(metric, value)));

    /// <summary>A bound as the brief wrote it: all its digits.</summary>
    public static string Bound(string metric, double bound) => WithUnit(metric, Exact(bound));

    /// <summary>A value beside a bound: rounded, but never onto the bound or across it, so that "0.900" is not read as at least 0.90 when it is not.</summary>
    public static string Beside(string metric, double value, double bound) => WithUnit(metric, BesideDigits(metric, value, bound));

    /// <summary>An interval beside a bound, without the unit.</summary>
    public static string IntervalBeside(string metric, double low, double high, double bound) =>
        $"[{BesideDigits(metric, low, bound)}, {BesideDigits(metric, high, bound)}]";

    /// <summary>An interval, without the unit.</summary>
    public static string Interval(string metric, double low, double high) =>
        $"[{Digits(low, Decimals(metric, low))}, {Digits(high, Decimals(metric, high))}]";

    /// <summary>A difference, with its sign.</summary>
    public static string Difference(string metric, double difference) => (difference > 0 ? "+" : "") + Metric(metric, difference);

    /// <summary>A p-value.</summary>
    public static string P(double p) => p < 0.001 ? "< 0.001" : Digits(p, 3);

    public static string Count(long count) => count.ToString("N0", Culture);

    public static string Percent(double fraction) => double.IsFinite(fraction) ? fraction.ToString("0.####%", Culture) : Digits(fraction, 0);

    public static string Seconds(double seconds) => Digits(seconds, seconds < 1 ? 2 : seconds < 100 ? 1 : 0) + " s";

    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double size = bytes;
        var unit = 0;
        while (Math.Abs(size) >= 1000 && unit < units.Length - 1)
        {
            size /= 1000;
            unit++;
        }

        return Digits(size, unit == 0 || Math.Abs(size) >= 100 ? 0 : 1) + " " + units[unit];
    }

    public static string Money(decimal dollars)
    {
        var decimals = 2;
        while (dollars != 0 && Math.Abs(dollars) < 0.1m && decimals < 8 && Math.Round(dollars, decimals) != dollars && Math.Abs(Math.Round(dollars, decimals)) * Pow10(decimals) < 10)
        {
            decimals++;
        }

        return "$" + (dollars == 0 ? "0" : dollars.ToString("N" + decimals.ToString(Culture), Culture));
    }

    /// <summary>Whether a metric's name says that it is no fraction.</summary>
    public static bool HasUnit(string metric) =>
        metric.EndsWith("-ms", StringComparison.Ordinal) || metric.EndsWith("-usd", StringComparison.Ordinal) || metric == "tokens";

    /// <summary>All digits of a number, without an exponent.</summary>
    public static string Exact(double value) => Special(value) ?? Minus(value.ToString("#,0.##########", Culture));

    private static string BesideDigits(string metric, double value, double bound)
    {
        var decimals = Decimals(metric, value);
        while (double.IsFinite(value) && double.IsFinite(bound) && decimals < MostDecimals && Math.Sign(Rounded(value, decimals) - bound) != Math.Sign(value - bound))
        {
            decimals++;
        }

        return Digits(value, decimals);
    }

    // Through the text, so that what is compared is what is read.
    private static double Rounded(double value, int decimals) =>
        double.Parse(value.ToString("F" + decimals.ToString(Culture), Culture), Culture);

    private static int Decimals(string metric, double value)
    {
        var size = Math.Abs(value);
        if (metric.EndsWith("-usd", StringComparison.Ordinal))
        {
            return size is 0 or >= 10 ? 2 : 4;
        }

        if (!HasUnit(metric) && size <= 1)
        {
            return 3;
        }

        return size switch { 0 or >= 100 => 0, >= 10 => 1, >= 1 => 2, _ => 3 };
    }

    private static string Digits(double value, int decimals) => Special(value) ?? Minus(value.ToString("N" + decimals.ToString(Culture), Culture));

    private static string? Special(double value) =>
        double.IsNaN(value) ? "–" : double.IsPositiveInfinity(value) ? "∞" : double.IsNegativeInfinity(value) ? "−∞" : null;

    private static string Minus(string number) => number.Replace('-', '−');

    private static string WithUnit(string metric, string number) =>
        metric.EndsWith("-ms", StringComparison.Ordinal) ? number + " ms"
        : metric.EndsWith("-usd", StringComparison.Ordinal) ? "$" + number
        : number;

    private static decimal Pow10(int exponent) => (decimal)Math.Pow(10, exponent);
}
