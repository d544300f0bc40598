namespace Landfall.Platform.Evaluation.Statistics.Agreement;

/// <summary>One annotator's label of one item.</summary>
/// <param name="Item">The item: a row's id, for example.</param>
/// <param name="Annotator">Who labelled it.</param>
/// <param name="Label">The label; for <see cref="MeasurementLevel.Interval"/> and <see cref="MeasurementLevel.Ratio"/> a number.</param>
public sealed record Rating(string Item, string Annotator, string Label);

/// <summary>What the distance of two labels means (Stevens, Science 103, 1946).</summary>
public enum MeasurementLevel
{
    /// <summary>Labels are the same or not.</summary>
    Nominal,

    /// <summary>Labels have an order: <see cref="RatingTable.Labels"/>.</summary>
    Ordinal,

    /// <summary>Differences of numbers count.</summary>
    Interval,

    /// <summary>Proportions of numbers count; there is a zero.</summary>
    Ratio,
}

/// <summary>A coefficient of agreement with its two-sided 95% interval, or why there is none.</summary>
/// <param name="Value">1: always agreed; 0: as often as chance would; below: less. Null when undefined.</param>
/// <param name="Low">The interval's lower end; null when undefined, or when resampling the items changes nothing.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Items">Items that it rests on: those that two or more annotators labelled.</param>
/// <param name="WhyUndefined">One sentence, with what to do; null when defined.</param>
public sealed record AgreementValue(double? Value, double? Low, double? High, int Items, string? WhyUndefined)
{
    internal static AgreementValue Undefined(int items, string why) => new(Value: null, Low: null, High: null, items, why);
}
