using System.Globalization;
using Landfall.Protocol.Reports;

namespace Landfall.Commands;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>A metric's value: rates with three decimals, milliseconds with one, money with four.</summary>
    public static string Value(string metric, double value) => value.ToString(Format(metric, value), Invariant);

    /// <summary>The bound of a target, with the digits its author wrote.</summary>
    public static string Bound(TargetReport target) => Bound(target.Direction, target.Bound);

    public static string Bound(Direction direction, double bound) =>
        (direction == Direction.AtLeast ? ">= " : "<= ") + bound.ToString("0.######", Invariant);

    /// <summary>What is asked: <c>accuracy >= 0.9 on language=zh</c>; the whole test set goes without saying.</summary>
    public static string Target(TargetReport target) =>
        $"{target.Metric} {Bound(target)}{(target.On is "test" or "" ? "" : $" on {target.On}")}";

    /// <summary>The estimate with its one-sided bounds, rounded outwards: what is shown never promises more than what was measured.</summary>
    public static string WithBounds(TargetReport target)
    {
        var format = Format(target.Metric, target.Value);
        var unit = Math.Pow(10, format.Length - format.IndexOf('.', StringComparison.Ordinal) - 1);
        // 1e-6 of a unit makes good for the binary form of decimal fractions.
        var low = Math.Floor((target.Low * unit) + 1e-6) / unit;
        var high = Math.Ceiling((target.High * unit) - 1e-6) / unit;
        return $"{Value(target.Metric, target.Value)} [{low.ToString(format, Invariant)}, {high.ToString(format, Invariant)}]";
    }

    public static string Verdict(Verdict verdict) => verdict switch
    {
        Protocol.Reports.Verdict.Met => "met",
        Protocol.Reports.Verdict.Missed => "missed",
        _ => "undecided",
    };

    /// <summary><c>3 met, 1 undecided</c>.</summary>
    public static string Standing(IReadOnlyList<TargetReport> targets) => string.Join(
        ", ",
        new[] { Protocol.Reports.Verdict.Met, Protocol.Reports.Verdict.Undecided, Protocol.Reports.Verdict.Missed }
            .Select(verdict => (Verdict: verdict, Count: targets.Count(t => t.Verdict == verdict)))
            .Where(group => group.Count > 0)
            .Select(group => $"{group.Count} {Verdict(group.Verdict)}"));

    public static string Seconds(double seconds) => seconds switch
    {
        < 9.95 => string.Create(Invariant, $"{seconds:0.0} s"),
        < 99.5 => string.Create(Invariant, $"{seconds:0} s"),
        < 5970 => string.Create(Invariant, $"{seconds / 60:0} min"),
        _ => string.Create(Invariant, $"{seconds / 3600:0.0} h"),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => string.Create(Invariant, $"{bytes} B"),
        < 999_500 => string.Create(Invariant, $"{bytes / 1e3:0} kB"),
        < 999_500_000 => string.Create(Invariant, $"{bytes / 1e6:0} MB"),
        _ => string.Create(Invariant, $"{bytes / 1e9:0.0} GB"),
    };

    public static string Count(long count) => count switch
    {
        < 10_000 => count.ToString(Invariant),
        < 999_500 => string.Create(Invariant, $"{count / 1e3:0} k"),
        < 999_500_000 => string.Create(Invariant, $"{count / 1e6:0.0} M"),
        _ => string.Create(Invariant, $"{count / 1e9:0.0} G"),
    };

    public static string Money(decimal usd) => usd == 0 ? "$0" : string.Create(Invariant, $"${usd:0.00##}");

    public static string Percent(double fraction) => string.Create(Invariant, $"{Math.Floor(fraction * 100):0}%");

    public static string Time(DateTimeOffset at, TimeProvider clock) =>
        TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", Invariant);

    private static string Format(string metric, double value) => metric switch
    {
        _ when metric.EndsWith("-ms", StringComparison.Ordinal) => "0.0",
        _ when metric.EndsWith("-usd", StringComparison.Ordinal) => "0.0000",
        _ => Math.Abs(value) > 1 ? "0.0" : "0.000",
    };
}
