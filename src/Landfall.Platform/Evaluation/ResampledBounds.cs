using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation;

/// <summary>
/// One-sided bounds from resamples, never tighter than what unseen rows allow. The bootstrap knows only the rows it has: of
/// few or nearly alike rows it would be sure of anything. A share 1 - q of all rows may have shown none of itself among n,
/// where q = alpha^(1/n) is the exact lower bound of "n of n", and those rows may score as low or high as the range goes.
/// </summary>
internal static class ResampledBounds
{
    /// <summary>The bounds; where the range has no upper end, the upper one is the bootstrap's alone.</summary>
    public static (double Low, double High) Of(Bootstrap bootstrap, ValueRange range, int n, double alpha)
    {
        double seen = Math.Pow(alpha, 1.0 / n), value = bootstrap.Estimate;
        var low = (seen * value) + ((1 - seen) * range.Low);
        var high = double.IsFinite(range.High) ? (seen * value) + ((1 - seen) * range.High) : value;
        return bootstrap.HasWidth ? (Math.Min(low, bootstrap.Bound(alpha)), Math.Max(high, bootstrap.Bound(1 - alpha))) : (low, high);
    }
}
