namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>The exact test of two right-or-wrong results on the same examples (McNemar, Psychometrika 12, 1947).</summary>
public static class McNemar
{
    /// <summary>The two-sided p-value when A alone is right on some examples and B alone on others.</summary>
    public static double PValue(long onlyA, long onlyB) =>
        onlyA == onlyB ? 1 : Math.Min(1, 2 * Binomial.LowerTail(Math.Min(onlyA, onlyB), onlyA + onlyB, 0.5));
}
