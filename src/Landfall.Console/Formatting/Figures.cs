using System.Globalization;

namespace Landfall.Console.Formatting;

/// <summary>Figures as text, the same in every language.</summary>
public static class Figures
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>A metric's value in the unit that its name says; rates stay fractions, as in the brief.</summary>
    public static string Metric(string metric, double value) => metric switch
    {
        _ when metric.EndsWith("-ms", StringComparison.Ordinal) => Milliseconds(value),
        _ when metric.EndsWith("-usd", StringComparison.Ordinal) => $"${Significant(value)}",
        "tokens" => value.ToString("#,0.#", Invariant),
        "bleu" or "chrf" => value.ToString("0.0", Invariant),
        _ => value.ToString("0.000", Invariant),
    };

    /// <summary>Milliseconds, with their unit.</summary>
    public static string Milliseconds(double value) =>
        value >= 10_000 ? $"{(value / 1000).ToString("#,0.0", Invariant)} s" : $"{Significant(value)} ms";

    /// <summary>A duration, from milliseconds to hours.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1 => Milliseconds(seconds * 1000),
        < 60 => $"{seconds.ToString("0.0", Invariant)} s",
        < 3600 => string.Create(Invariant, $"{(int)(seconds / 60)} min {(int)(seconds % 60):00} s"),
        _ => string.Create(Invariant, $"{(int)(seconds / 3600)} h {(int)(seconds % 3600 / 60):00} min"),
    };

    /// <summary>Bytes in decimal units, as in the report and the terminal.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => string.Create(Invariant, $"{bytes} B"),
        < 1_000_000 => string.Create(Invariant, $"{bytes / 1e3:0.#} kB"),
        < 100_000_000 => string.Create(Invariant, $"{bytes / 1e6:0.#} MB"),
        < 1_000_000_000 => string.Create(Invariant, $"{bytes / 1e6:0} MB"),
        _ => string.Create(Invariant, $"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>A number of things, in full up to 99,999.</summary>
    public static string Count(long count) => count switch
    {
        < 100_000 => count.ToString("#,0", Invariant),
        < 1_000_000_000 => string.Create(Invariant, $"{count / 1e6:0.##} M"),
        _ => string.Create(Invariant, $"{count / 1e9:0.##} B"),
    };

    /// <summary>Money; zero is a plain $0.</summary>
    public static string Money(decimal usd) => usd == 0 ? "$0" : usd < 0.01m ? $"${Significant((double)usd)}" : $"${usd.ToString("#,0.00", Invariant)}";

    /// <summary>A p-value.</summary>
    public static string P(double p) => p < 0.001 ? "< 0.001" : p.ToString("0.000", Invariant);

    /// <summary>A difference, always with its sign.</summary>
    public static string Difference(string metric, double difference)
    {
        // What rounds to nothing has no sign.
        var size = Metric(metric, Math.Abs(difference));
        return (size.AsSpan().IndexOfAnyInRange('1', '9') < 0 ? "±" : difference > 0 ? "+" : "−") + size;
    }

    /// <summary>A share of one, as whole per cent.</summary>
    public static string Percent(double fraction) => string.Create(Invariant, $"{fraction * 100:0}%");

    private static string Significant(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => value.ToString("#,0", Invariant),
        >= 10 => value.ToString("0.#", Invariant),
        >= 1 => value.ToString("0.00", Invariant),
        _ => value.ToString("G2", Invariant) is var text && text.Contains('E', StringComparison.Ordinal) ? value.ToString("0.########", Invariant) : text,
    };
}
