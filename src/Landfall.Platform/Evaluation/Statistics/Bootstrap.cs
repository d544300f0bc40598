namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>
/// The bootstrap over examples with bias-corrected and accelerated bounds (BCa; Efron, JASA 82, 1987). Percentile bounds
/// lean to the wrong side on skewed scores, such as an F1 that is 1 on most rows; BCa corrects that to second order.
/// </summary>
public sealed class Bootstrap
{
    /// <summary>Resamples of an interval.</summary>
    public const int DefaultResamples = 2_000;

    /// <summary>The seed that all figures use.</summary>
    public const ulong DefaultSeed = 1979;

    // A bound that rests on fewer resamples than this beyond it is noise.
    private const double ResamplesBeyondBound = 10;
    private const int MostResamples = 20_000;

    private readonly double[] _sorted;
    private readonly double _bias;
    private readonly double _acceleration;

    private Bootstrap(double estimate, double[] sorted, double acceleration)
    {
        Estimate = estimate;
        _sorted = sorted;
        _acceleration = acceleration;
        var scale = Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[^1]));
        HasWidth = sorted[^1] - sorted[0] > 1e-9 * scale;
        _bias = Normal.Quantile(Math.Clamp(ShareBelow(sorted, estimate), 0.5 / sorted.Length, 1 - (0.5 / sorted.Length)));
    }

    /// <summary>The figure over the examples as they are.</summary>
    public double Estimate { get; }

    /// <summary>Whether resamples differ at all. Without width there is no bound.</summary>
    public bool HasWidth { get; }

    /// <summary>Resamples for a one-sided bound at a level: 2,000, and more where too few would lie beyond the bound.</summary>
    public static int ResamplesFor(double alpha) =>
        (int)Math.Clamp(Math.Ceiling(ResamplesBeyondBound / alpha), DefaultResamples, MostResamples);

    /// <summary>Whether even the most resamples reach as far as a level asks.</summary>
    public static bool Reaches(double alpha) => alpha * MostResamples >= 1;

    /// <summary>
    /// Resamples the examples of a statistic, which must have some. Resamples on which the figure is undefined (NaN), such
    /// as a coefficient of agreement on items of one label, are left out.
    /// </summary>
    public static Bootstrap Run(AdditiveStatistic statistic, int resamples = DefaultResamples, ulong seed = DefaultSeed)
    {
        if (statistic.Count == 0)
        {
            throw new ArgumentException("There is no example to resample: leave metrics without scores out.", nameof(statistic));
        }

        var random = new SplitMix64(seed);
        var sums = new double[statistic.Width];
        var figures = new double[resamples];
        for (var r = 0; r < resamples; r++)
        {
            Array.Clear(sums);
            for (var i = 0; i < statistic.Count; i++)
            {
                statistic.Add(sums, random.Index(statistic.Count), 1);
            }

            figures[r] = statistic.Of(sums);
        }

        var defined = Array.FindAll(figures, figure => !double.IsNaN(figure));
        if (defined.Length == 0)
        {
            throw new ArgumentException("The figure is undefined on every resample: report that it is undefined instead.", nameof(statistic));
        }

        Array.Sort(defined);
        return new Bootstrap(statistic.Value(), defined, Acceleration(statistic));
    }

    /// <summary>The bound below which the truth lies with probability <paramref name="alpha"/> (below one half: a lower bound).</summary>
    public double Bound(double alpha)
    {
        var z = _bias + Normal.Quantile(alpha);
        var denominator = 1 - (_acceleration * z);

        // Past its pole the correction has no meaning: the outermost resample stands in for it.
        var level = denominator <= 0 ? (z > 0 ? 1 : 0) : Normal.Cdf(_bias + (z / denominator));
        var rank = level * (_sorted.Length + 1);
        var index = alpha < 0.5 ? Math.Floor(rank) - 1 : Math.Ceiling(rank) - 1;
        return _sorted[(int)Math.Clamp(index, 0, _sorted.Length - 1)];
    }

    private static double ShareBelow(double[] sorted, double estimate)
    {
        var tolerance = 1e-12 * Math.Abs(estimate);
        int below = 0, equal = 0;
        foreach (var figure in sorted)
        {
            below += figure < estimate - tolerance ? 1 : 0;
            equal += Math.Abs(figure - estimate) <= tolerance ? 1 : 0;
        }

        return (below + (equal / 2.0)) / sorted.Length;
    }

    /// <summary>Efron's a, from the skew of the figures with one example left out.</summary>
    private static double Acceleration(AdditiveStatistic statistic)
    {
        if (statistic.Count < 2)
        {
            return 0;
        }

        var totals = statistic.Totals();
        var sums = new double[statistic.Width];
        var without = new double[statistic.Count];
        for (var i = 0; i < without.Length; i++)
        {
            totals.CopyTo(sums, 0);
            statistic.Add(sums, i, -1);
            without[i] = statistic.Of(sums);
        }

        without = Array.FindAll(without, figure => !double.IsNaN(figure));
        if (without.Length < 2)
        {
            return 0;
        }

        var mean = without.Average();
        double squares = 0, cubes = 0;
        foreach (var value in without)
        {
            var difference = mean - value;
            squares += difference * difference;
            cubes += difference * difference * difference;
        }

        return squares < 1e-300 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
    }
}
