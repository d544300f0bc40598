using CsCheck;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets;

public sealed class DuplicateCounterTests
{
    [Fact]
    public void Count_BelowCapacity_IsExact() =>
        Gen.Int[0, 500].Array[0, 2_000].Sample(
            values =>
            {
                var counter = new DuplicateCounter();
                foreach (var value in values)
                {
                    counter.Add(Hash64.Of(BitConverter.GetBytes(value)));
                }

                Assert.False(counter.IsEstimate);
                Assert.Equal(values.Length - values.Distinct().Count(), counter.Count);
            },
            iter: 200);

    [Fact]
    public void Count_BeyondCapacity_IsNearTheTruth()
    {
        // 200,000 different values, of which each fourth comes twice: a sample of at least 10,000 of them has a standard
        // deviation below 2% of the count; the seed is fixed, and 10% is five of them.
        var counter = new DuplicateCounter(capacity: 20_000);
        for (var i = 0; i < 250_000; i++)
        {
            counter.Add(Hash64.Of(BitConverter.GetBytes(i < 200_000 ? i : (i - 200_000) * 4)));
        }

        Assert.True(counter.IsEstimate);
        Assert.InRange(counter.Count, 45_000, 55_000);
    }
}
