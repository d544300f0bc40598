namespace Landfall.Platform.Evaluation;

/// <summary>
/// Bounds where every resample gives one value. That does not mean certainty: a share of 1 - q of all rows, of which n rows
/// happened to show none, could be as far off as the metric's range allows, where q is the exact lower bound of "n of n
/// rows are like these", alpha^(1/n).
/// </summary>
internal static class AlikeRows
{
    /// <summary>The one-sided bounds; an upper bound that no finite range gives is the value itself.</summary>
    public static (double Low, double High) Bounds(ValueRange range, double value, int n, double alpha)
    {
        var alike = Math.Pow(alpha, 1.0 / n);
        return ((alike * value) + ((1 - alike) * range.Low), double.IsFinite(range.High) ? (alike * value) + ((1 - alike) * range.High) : value);
    }
}
