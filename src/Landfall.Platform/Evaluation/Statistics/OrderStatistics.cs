namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>
/// Distribution-free bounds of a quantile by order statistics (David and Nagaraja, Order Statistics, 3rd edition, 7.1):
/// the number of observations at or below the p-quantile is Binomial(n, p). Ranks count from 1.
/// </summary>
public static class OrderStatistics
{
    /// <summary>The sample quantile: the observation of rank ceil(n p).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double p) =>
        sorted[Math.Clamp((int)Math.Ceiling((sorted.Length * p) - 1e-9), 1, sorted.Length) - 1];

    /// <summary>The rank of the one-sided lower bound at level 1 - alpha; 0 when no observation is one.</summary>
    public static int LowerRank(int n, double p, double alpha)
    {
        int low = 0, high = n;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Binomial.LowerTail(middle - 1, n, p) <= alpha)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>The rank of the one-sided upper bound at level 1 - alpha; n + 1 when no observation is one.</summary>
    public static int UpperRank(int n, double p, double alpha)
    {
        int low = 1, high = n + 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Binomial.UpperTail(middle, n, p) <= alpha)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>
    /// The ranks of a two-sided interval: of the pairs around the equal-tailed one, that whose exact coverage comes nearest
    /// to the confidence, with tails as even as may be. A rank of 0 means no lower end; the upper rank never exceeds n,
    /// so that an interval of few observations covers less than asked for.
    /// </summary>
    public static (int Lower, int Upper) IntervalRanks(int n, double p, double confidence)
    {
        const int window = 3;
        var tail = (1 - confidence) / 2;
        int first = LowerRank(n, p, tail), last = Math.Min(UpperRank(n, p, tail), n);
        var best = (Lower: first, Upper: last);
        var bestCost = double.PositiveInfinity;
        for (var lower = first; lower <= Math.Min(first + window, last); lower++)
        {
            for (var upper = last; upper >= Math.Max(last - window, Math.Max(lower, 1)); upper--)
            {
                double below = Binomial.LowerTail(lower - 1, n, p), above = Binomial.UpperTail(upper, n, p);
                var cost = Math.Abs(below + above - (1 - confidence)) + (0.1 * Math.Abs(below - above));
                if (cost < bestCost - 1e-12)
                {
                    (best, bestCost) = ((lower, upper), cost);
                }
            }
        }

        return best;
    }
}
