namespace Landfall.ExampleData.Text;

/// <summary>SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers from a seed on every runtime.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 up to, and not, <paramref name="count"/>.</summary>
    public int Next(int count) => (int)(NextBits() % (ulong)count);

    /// <summary>A whole number of a range, both ends included.</summary>
    public int Between(int least, int most) => least + Next(most - least + 1);

    public bool Chance(double probability) => (NextBits() >> 11) * (1.0 / (1UL << 53)) < probability;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
