using Landfall.Platform.Briefs;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Evaluation;

/// <summary>A test row and its score by one metric.</summary>
/// <param name="Row">The row.</param>
/// <param name="Score">The score, or null when the row does not count for the metric.</param>
public sealed record ScoredRow(Row Row, double[]? Score)
{
    /// <summary>Scores observations by a metric.</summary>
    public static IReadOnlyList<ScoredRow> Of(IMetric metric, MetricContext context, IReadOnlyList<Observation> observations) =>
        [.. observations.Select(observation => new ScoredRow(observation.Row, metric.Score(observation, context)))];
}

/// <summary>Cuts rows by a brief's slices.</summary>
public static class SliceExtensions
{
    /// <summary>
    /// Whether a row belongs to the slice. <c>label</c> and <c>expected</c> stand for the expected answer where rows have
    /// no field of that name.
    /// </summary>
    public static bool Contains(this Slice slice, Row row) =>
        row.Fields.TryGetValue(slice.Field, out var value)
            ? string.Equals(value, slice.Value, StringComparison.Ordinal)
            : slice.Field is "label" or "expected" && string.Equals(row.Expected, slice.Value, StringComparison.Ordinal);
}
