using Landfall.Protocol.Reports;
using MudBlazor;

namespace Landfall.Console.Apps;

/// <summary>How a verdict looks: a colour, and always a shape and a word beside it.</summary>
public static class Verdicts
{
    /// <summary>The verdict's word in style sheets and in the protocol.</summary>
    public static string Key(Verdict verdict) => verdict switch
    {
        Verdict.Met => "met",
        Verdict.Missed => "missed",
        _ => "undecided",
    };

    /// <summary>The key of its text.</summary>
    public static string Text(Verdict verdict) => $"Verdict_{verdict}";

    /// <summary>Its icon.</summary>
    public static string Icon(Verdict verdict) => verdict switch
    {
        Verdict.Met => Icons.Material.Filled.CheckCircle,
        Verdict.Missed => Icons.Material.Filled.Cancel,
        _ => Icons.Material.Outlined.HelpOutline,
    };

    /// <summary>A direction's sign.</summary>
    public static string Sign(Protocol.Reports.Direction direction) => direction == Protocol.Reports.Direction.AtLeast ? "≥" : "≤";

    /// <summary>A metric and the data it is measured on; the whole test set goes without saying.</summary>
    public static string Name(string metric, string on) => Slice(on) is { } slice ? $"{metric} · {slice}" : metric;

    /// <summary>The part of the test set that a target is measured on, or null for all of it.</summary>
    public static string? Slice(string on) => on is "test" or "" ? null : on;

    /// <summary>A target in short: <c>accuracy ≥ 0.900</c>.</summary>
    public static string Target(string metric, string on, Protocol.Reports.Direction direction, double bound) =>
        $"{Name(metric, on)} {Sign(direction)} {Formatting.Figures.Metric(metric, bound)}";
}
