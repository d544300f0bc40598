namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>How many test rows a target on a proportion needs, by exact binomial calculation.</summary>
public static class SampleSize
{
    /// <summary>Rows needed to prove "at least <paramref name="bound"/>" when every row is right: the smallest n with bound^n &lt;= 1 - confidence.</summary>
    /// <param name="bound">The target, above 0 and below 1.</param>
    /// <param name="confidence">Such as 0.95.</param>
    public static int RowsIfAllRight(double bound, double confidence)
    {
        var n = (int)Math.Ceiling(Math.Log(1 - confidence) / Math.Log(bound));

        // Rounding may put the quotient on either side of a whole number.
        while (n > 1 && Math.Pow(bound, n - 1) <= 1 - confidence)
        {
            n--;
        }

        while (Math.Pow(bound, n) > 1 - confidence)
        {
            n++;
        }

        return Math.Max(n, 1);
    }

    /// <summary>
    /// The smallest n for which the exact one-sided test proves "at least <paramref name="bound"/>" with at least the given
    /// chance when the true rate is <paramref name="truth"/>.
    /// </summary>
    /// <param name="bound">The target, above 0 and below 1.</param>
    /// <param name="truth">The true rate, above the bound.</param>
    /// <param name="confidence">Such as 0.95.</param>
    /// <param name="power">The chance of proof, such as 0.8.</param>
    public static int RowsForPower(double bound, double truth, double confidence, double power)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(truth, bound);
        var alpha = 1 - confidence;
        long needed = 0;
        for (var n = 1; n < 10_000_000; n++)
        {
            // The least number of right rows that proves the bound grows by at most one as n does.
            while (needed <= n && Binomial.UpperTail(needed, n, bound) > alpha)
            {
                needed++;
            }

            if (needed <= n && Binomial.UpperTail(needed, n, truth) >= power)
            {
                return n;
            }
        }

        return int.MaxValue;
    }
}
