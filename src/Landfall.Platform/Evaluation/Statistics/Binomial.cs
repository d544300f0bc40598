namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>Exact binomial tails and the Clopper-Pearson bounds (Clopper and Pearson, Biometrika 26, 1934).</summary>
public static class Binomial
{
    /// <summary>P(X &gt;= k) for X ~ Binomial(n, p).</summary>
    public static double UpperTail(long k, long n, double p) =>
        k <= 0 ? 1 : k > n ? 0 : p <= 0 ? 0 : p >= 1 ? 1 : RegularizedBeta(k, n - k + 1, p);

    /// <summary>P(X &lt;= k) for X ~ Binomial(n, p).</summary>
    public static double LowerTail(long k, long n, double p) =>
        k < 0 ? 0 : k >= n ? 1 : p <= 0 ? 1 : p >= 1 ? 0 : RegularizedBeta(n - k, k + 1, 1 - p);

    /// <summary>The one-sided lower Clopper-Pearson bound at level 1 - alpha.</summary>
    public static double LowerBound(long k, long n, double alpha) =>
        n == 0 || k <= 0 ? 0 : Bisect(p => UpperTail(k, n, p) <= alpha);

    /// <summary>The one-sided upper Clopper-Pearson bound at level 1 - alpha.</summary>
    public static double UpperBound(long k, long n, double alpha) =>
        n == 0 || k >= n ? 1 : Bisect(p => LowerTail(k, n, p) > alpha);

    /// <summary>The largest p in [0, 1] for which a condition that turns from true to false holds.</summary>
    private static double Bisect(Func<double, bool> holds)
    {
        double low = 0, high = 1;
        for (var i = 0; i < 100 && high - low > 1e-15; i++)
        {
            var middle = (low + high) / 2;
            if (holds(middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>I_x(a, b) by Lentz's continued fraction (DLMF 8.17.22).</summary>
    internal static double RegularizedBeta(double a, double b, double x)
    {
        if (x <= 0 || x >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        // The fraction converges fast below the mean only.
        if (x > (a + 1) / (a + b + 2))
        {
            return 1 - RegularizedBeta(b, a, 1 - x);
        }

        var logFront = LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x));
        const double tiny = 1e-300;
        double c = 1, d = 1 - ((a + b) * x / (a + 1));
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        var fraction = d;
        for (var m = 1; m <= 10_000; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 + (even * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (even / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            fraction *= d * c;

            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 + (odd * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (odd / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15)
            {
                break;
            }
        }

        return Math.Exp(logFront) * fraction / a;
    }

    /// <summary>ln Gamma(x) for x &gt; 0 (Lanczos, g = 7, n = 9).</summary>
    internal static double LogGamma(double x)
    {
        ReadOnlySpan<double> coefficients =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }

        x -= 1;
        var sum = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++)
        {
            sum += coefficients[i] / (x + i);
        }

        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }
}
