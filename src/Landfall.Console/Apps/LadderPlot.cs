using Landfall.Protocol.Reports;

namespace Landfall.Console.Apps;

/// <summary>What a candidate makes of a target, as drawn.</summary>
/// <param name="Candidate">The candidate's name.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
/// <param name="Verdict">The verdict.</param>
public sealed record LadderMark(string Candidate, double Value, double Low, double High, Verdict Verdict);

/// <summary>One target with all candidates on a common scale.</summary>
/// <param name="Target">The target; its figures are those of the first candidate.</param>
/// <param name="Marks">One per measured candidate, in the ladder's order.</param>
/// <param name="Min">Left end of the scale.</param>
/// <param name="Max">Right end.</param>
/// <param name="Ticks">Round values within the scale, ascending.</param>
public sealed record LadderPlot(TargetReport Target, IReadOnlyList<LadderMark> Marks, double Min, double Max, IReadOnlyList<double> Ticks)
{
    /// <summary>The plots of a ladder, one per target in the brief's order.</summary>
    /// <param name="candidates">The ladder; candidates that were not measured are passed over.</param>
    public static IReadOnlyList<LadderPlot> Of(IEnumerable<CandidateReport> candidates) =>
    [
        .. candidates
            .SelectMany(candidate => candidate.Targets, (candidate, target) => (candidate.Name, Target: target))
            .GroupBy(pair => (pair.Target.Metric, pair.Target.On, pair.Target.Bound, pair.Target.Direction))
            .Select(group => Plot(group.First().Target, [.. group.Select(pair => Mark(pair.Name, pair.Target))])),
    ];

    /// <summary>Where a value stands on the scale, 0 to 100; values beyond it stand at its ends.</summary>
    /// <param name="value">The value.</param>
    public double Position(double value) => double.IsNaN(value) ? 0 : Math.Clamp((value - Min) / (Max - Min) * 100, 0, 100);

    private static LadderMark Mark(string candidate, TargetReport target) => new(candidate, target.Value, target.Low, target.High, target.Verdict);

    private static LadderPlot Plot(TargetReport target, IReadOnlyList<LadderMark> marks)
    {
        var values = marks.SelectMany(mark => new[] { mark.Low, mark.Value, mark.High }).Append(target.Bound).Where(double.IsFinite).ToList();
        var (low, high) = values.Count == 0 ? (0, 1) : (values.Min(), values.Max());
        var room = high > low ? (high - low) * 0.06 : Math.Max(Math.Abs(high) * 0.1, 0.05);

        // A rate has no room beyond 0 and 1, and nothing we measure is negative.
        var min = low >= 0 ? Math.Max(0, low - room) : low - room;
        var max = low >= 0 && high <= 1 && high + room > 1 ? 1 : high + room;
        return new LadderPlot(target, marks, min, max, TicksBetween(min, max));
    }

    private static List<double> TicksBetween(double min, double max)
    {
        var rough = (max - min) / 4;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch
        {
            <= 1 => 1,
            <= 2 => 2,
            <= 5 => 5,
            _ => 10,
        };
        var ticks = new List<double>();
        for (var index = Math.Ceiling(min / step); index * step <= max + (step * 1e-9); index++)
        {
            ticks.Add(Math.Round(index * step, 12));
        }

        return ticks;
    }
}
