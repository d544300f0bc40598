using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Evaluation;

/// <summary>
/// About how many examples more would decide with a chance of 80%, if the estimate is the truth, given those already seen.
/// Null when the estimate lies on the bound or more than a million would be needed.
/// </summary>
public static class MoreExamples
{
    private const double Power = 0.8;
    private const long Most = 1_000_000;

    /// <summary>For an exact one-sided test of a proportion, on whichever side of the bound the estimate lies.</summary>
    public static long? ForProportion(long right, long n, double bound, double alpha)
    {
        if (n == 0 || bound is <= 0 or >= 1)
        {
            return null;
        }

        var share = (double)right / n;
        return share > bound ? Search(more => ProvesAbove(right, n, more, bound, alpha))
            : share < bound ? Search(more => ProvesAbove(n - right, n, more, 1 - bound, alpha))
            : null;
    }

    /// <summary>For a figure whose error shrinks with the square root of the examples, from its one-sided bound so far.</summary>
    /// <param name="value">The estimate.</param>
    /// <param name="near">Its one-sided bound on the target's side.</param>
    /// <param name="n">Examples so far.</param>
    /// <param name="target">The target.</param>
    /// <param name="alpha">The level of the bound.</param>
    public static long? ForMean(double value, double near, long n, double target, double alpha)
    {
        double gap = Math.Abs(value - target), z = -Normal.Quantile(alpha), zPower = Normal.Quantile(Power);
        var deviation = Math.Abs(value - near) / z * Math.Sqrt(n);
        if (gap <= 0 || deviation <= 0)
        {
            return null;
        }

        // The examples so far have the estimate for their mean; only the new ones add error.
        return Search(more =>
        {
            double all = n + more;
            return gap >= (z * deviation / Math.Sqrt(all)) + (zPower * deviation * Math.Sqrt(more) / all);
        });
    }

    private static bool ProvesAbove(long right, long n, long more, double bound, double alpha)
    {
        var needed = FewestThatProve(n + more, bound, alpha) - right;
        return needed <= more && Binomial.UpperTail(needed, more, (double)right / n) >= Power;
    }

    /// <summary>The least k of n with P(X &gt;= k) &lt;= alpha at the bound, walked to from its normal approximation.</summary>
    private static long FewestThatProve(long n, double bound, double alpha)
    {
        var start = (n * bound) - (Normal.Quantile(alpha) * Math.Sqrt(n * bound * (1 - bound)));
        var k = Math.Clamp((long)Math.Ceiling(start), 1, n + 1);
        while (k <= n && Binomial.UpperTail(k, n, bound) > alpha)
        {
            k++;
        }

        while (k > 1 && Binomial.UpperTail(k - 1, n, bound) <= alpha)
        {
            k--;
        }

        return k;
    }

    private static long? Search(Func<long, bool> decides)
    {
        long enough = 1;
        while (!decides(enough))
        {
            enough *= 2;
            if (enough > Most)
            {
                return null;
            }
        }

        var tooFew = enough / 2;
        while (enough - tooFew > 1)
        {
            var middle = (enough + tooFew) / 2;
            (tooFew, enough) = decides(middle) ? (tooFew, middle) : (middle, enough);
        }

        return enough;
    }
}
