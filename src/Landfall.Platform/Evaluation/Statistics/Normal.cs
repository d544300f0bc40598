namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>z for a two-sided 95% interval.</summary>
    public const double TwoSided95 = 1.959963984540054;

    /// <summary>P(Z &lt;= z): a series near 0, a continued fraction in the tails.</summary>
    public static double Cdf(double z)
    {
        if (Math.Abs(z) > 38)
        {
            return z < 0 ? 0 : 1;
        }

        if (Math.Abs(z) < 3)
        {
            // Abramowitz and Stegun 26.2.11.
            double term = z, sum = z;
            for (var k = 1; k < 200 && Math.Abs(term) > 1e-17 * Math.Abs(sum); k++)
            {
                term *= z * z / ((2 * k) + 1);
                sum += term;
            }

            return 0.5 + (sum * Density(z));
        }

        // Abramowitz and Stegun 26.2.14, evaluated from the tail of the fraction.
        var x = Math.Abs(z);
        var fraction = x;
        for (var k = 100; k >= 1; k--)
        {
            fraction = x + (k / fraction);
        }

        var upper = Density(x) / fraction;
        return z < 0 ? upper : 1 - upper;
    }

    /// <summary>The z with P(Z &lt;= z) = p, for p between 0 and 1 (ends excluded).</summary>
    public static double Quantile(double p)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        if (p > 0.5)
        {
            return -Quantile(1 - p);
        }

        // Abramowitz and Stegun 26.2.23 to start with (|error| < 4.5e-4), then Newton steps to full precision.
        var t = Math.Sqrt(-2 * Math.Log(p));
        var z = -(t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308))))))));
        for (var i = 0; i < 4; i++)
        {
            z -= (Cdf(z) - p) / Density(z);
        }

        return z;
    }

    private static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
