using System.Numerics;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

public sealed class SampleSizeTests
{
    [Fact]
    public void RowsIfAllRight_AllHundredths_IsTheLeastExactly()
    {
        for (var hundredths = 50; hundredths <= 99; hundredths++)
        {
            foreach (var confidence in new[] { 90, 95, 99 })
            {
                var n = SampleSize.RowsIfAllRight(hundredths / 100.0, confidence / 100.0);
                Assert.True(Proves(n, hundredths, confidence), $"{n} rows must prove {hundredths}%");
                Assert.False(n > 1 && Proves(n - 1, hundredths, confidence), $"{n - 1} rows must not prove {hundredths}%");
            }
        }

        Assert.Equal(59, SampleSize.RowsIfAllRight(0.95, 0.95));

        // bound^n <= 1 - confidence, in whole numbers.
        static bool Proves(int n, int bound, int confidence) => BigInteger.Pow(bound, n) * 100 <= (100 - confidence) * BigInteger.Pow(100, n);
    }

    [Theory]
    [InlineData(80, 90)]
    [InlineData(90, 95)]
    [InlineData(95, 97)]
    [InlineData(95, 99)]
    public void RowsForPower_ByExactSums_IsTheLeast(int bound, int truth)
    {
        var rows = SampleSize.RowsForPower(bound / 100.0, truth / 100.0, 0.95, 0.8);
        Assert.True(Power(rows) >= 0.8);
        for (var n = Math.Max(1, rows - 25); n < rows; n++)
        {
            Assert.True(Power(n) < 0.8, $"{n} rows suffice");
        }

        double Power(int n)
        {
            var needed = Enumerable.Range(0, n + 2).First(k => k > n || (k >= n * bound / 100 && ExactBinomial.UpperTail(k, n, bound, 100) <= 0.05));
            return needed > n ? 0 : ExactBinomial.UpperTail(needed, n, truth, 100);
        }
    }

    [Fact]
    public void RowsForPower_Bound95Truth97_IsAbout600() => Assert.InRange(SampleSize.RowsForPower(0.95, 0.97, 0.95, 0.8), 550, 650);
}
