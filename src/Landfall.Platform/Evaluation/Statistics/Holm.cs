namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>Holm's step-down correction for several tests at once (Holm, Scandinavian Journal of Statistics 6, 1979).</summary>
public static class Holm
{
    /// <summary>The adjusted p-values, in the order given.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        var order = Enumerable.Range(0, p.Count).OrderBy(i => p[i]).ThenBy(i => i).ToArray();
        var adjusted = new double[p.Count];
        double highest = 0;
        for (var rank = 0; rank < order.Length; rank++)
        {
            highest = Math.Max(highest, Math.Min(1, (order.Length - rank) * p[order[rank]]));
            adjusted[order[rank]] = highest;
        }

        return adjusted;
    }
}
