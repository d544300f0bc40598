namespace Landfall.Platform.Evaluation.Statistics;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014): small, fast, and the same on every version of .NET, so
/// that a resumed landing computes the same intervals.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 to <paramref name="count"/> - 1 (bias below 2^-32 * count).</summary>
    public int Index(int count) => (int)((Next() >> 32) * (ulong)count >> 32);

    /// <summary>A number in [0, 1).</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));
}
