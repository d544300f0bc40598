using System.Numerics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

/// <summary>Binomial tails as exact rational sums: the oracle.</summary>
internal static class ExactBinomial
{
    /// <summary>P(X &gt;= k) for X ~ Binomial(n, numerator / denominator), rounded to a double only at the end.</summary>
    public static double UpperTail(int k, int n, BigInteger numerator, BigInteger denominator)
    {
        var rest = denominator - numerator;
        BigInteger sum = 0, choose = 1;
        var powers = new BigInteger[n + 1];
        powers[0] = 1;
        for (var i = 1; i <= n; i++)
        {
            powers[i] = powers[i - 1] * rest;
        }

        BigInteger hits = 1;
        for (var i = 0; i <= n; i++)
        {
            sum += i >= k ? choose * hits * powers[n - i] : 0;
            choose = choose * (n - i) / (i + 1);
            hits *= numerator;
        }

        // 10^30 keeps thirty digits of the quotient.
        var scale = BigInteger.Pow(10, 30);
        return (double)(sum * scale / BigInteger.Pow(denominator, n)) / 1e30;
    }
}
