using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Search.Methods;

/// <summary>
/// A density over the places of a number: normal distributions cut off at 0 and 1, one about each place seen, and one wide
/// one, the prior, about the middle (Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NIPS 2011, section 4.2).
/// A place's width is the larger distance to its neighbours.
/// </summary>
internal sealed class ParzenNumber
{
    private const double PriorWidth = 1;
    private readonly (double Middle, double Width, double Low, double Mass)[] _kernels;

    public ParzenNumber(IEnumerable<double> places)
    {
        var middles = places.Append(0.5).Order().ToArray();
        var prior = Array.IndexOf(middles, 0.5);
        var least = 1.0 / Math.Min(100, 1 + middles.Length);
        _kernels = new (double, double, double, double)[middles.Length];
        for (var i = 0; i < middles.Length; i++)
        {
            var left = i == 0 ? middles[i] : middles[i] - middles[i - 1];
            var right = i == middles.Length - 1 ? 1 - middles[i] : middles[i + 1] - middles[i];
            var width = i == prior ? PriorWidth : Math.Clamp(Math.Max(left, right), least, 1);
            var low = Normal.Cdf(-middles[i] / width);
            _kernels[i] = (middles[i], width, low, Normal.Cdf((1 - middles[i]) / width) - low);
        }
    }

    public double Draw(ref SplitMix64 random)
    {
        var (middle, width, low, mass) = _kernels[random.Index(_kernels.Length)];
        var chance = Math.Clamp(low + (random.Fraction() * mass), 1e-15, 1 - 1e-15);
        return Math.Clamp(middle + (width * Normal.Quantile(chance)), 0, 1);
    }

    /// <summary>The density at a place, or the mean density over a stretch of places.</summary>
    public double Density(double low, double high)
    {
        var sum = 0.0;
        foreach (var (middle, width, _, mass) in _kernels)
        {
            sum += high > low
                ? (Normal.Cdf((high - middle) / width) - Normal.Cdf((low - middle) / width)) / (high - low) / mass
                : Math.Exp(-0.5 * (low - middle) * (low - middle) / (width * width)) / (width * mass * Math.Sqrt(2 * Math.PI));
        }

        return sum / _kernels.Length;
    }
}
