namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>The score interval of a proportion (Wilson, JASA 22, 1927), without continuity correction.</summary>
public static class Wilson
{
    /// <summary>The interval for <paramref name="k"/> of <paramref name="n"/>; 0 to 1 when n is 0.</summary>
    public static (double Low, double High) Interval(long k, long n, double z = Normal.TwoSided95)
    {
        if (n == 0)
        {
            return (0, 1);
        }

        double p = (double)k / n, z2 = z * z;
        var centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4.0 * n * n)));
        return (k == 0 ? 0 : Math.Max(0, centre - half), k == n ? 1 : Math.Min(1, centre + half));
    }
}
