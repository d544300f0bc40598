using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

public sealed class OrderStatisticsTests
{
    [Fact]
    public void Ranks_OneSided_AreTheTightestThatHold()
    {
        foreach (var n in new[] { 20, 59, 100, 600 })
        {
            foreach (var p in new[] { 0.5, 0.95 })
            {
                const double alpha = 0.05;
                int lower = OrderStatistics.LowerRank(n, p, alpha), upper = OrderStatistics.UpperRank(n, p, alpha);
                Assert.True(lower == 0 || Binomial.LowerTail(lower - 1, n, p) <= alpha);
                Assert.True(Binomial.LowerTail(lower, n, p) > alpha);
                Assert.True(upper > n || Binomial.UpperTail(upper, n, p) <= alpha);
                Assert.True(Binomial.UpperTail(upper - 1, n, p) > alpha);
            }
        }

        // The largest of n bounds p95 from above once 0.95^n <= 0.05.
        Assert.Equal(59, OrderStatistics.UpperRank(59, 0.95, 0.05));
        Assert.Equal(59, OrderStatistics.UpperRank(58, 0.95, 0.05));
    }

    [Fact]
    public void IntervalRanks_EnoughRows_CoverBetween93And97PercentExactly()
    {
        for (var n = 40; n <= 6_000; n += n < 400 ? 1 : 97)
        {
            AssertCoverage(n, 0.5);
            if (n >= 100)
            {
                AssertCoverage(n, 0.95);
            }
        }

        static void AssertCoverage(int n, double p)
        {
            var (lower, upper) = OrderStatistics.IntervalRanks(n, p, 0.95);
            Assert.InRange(1 - Binomial.LowerTail(lower - 1, n, p) - Binomial.UpperTail(upper, n, p), 0.935, 0.965);
        }
    }

    [Theory]
    [InlineData("latency-p50-ms", 50, 1.0)]
    [InlineData("latency-p50-ms", 600, 1.0)]
    [InlineData("latency-p95-ms", 150, 5.180251602233012)]
    [InlineData("latency-p95-ms", 600, 5.180251602233012)]
    public void Interval_LogNormalLatencies_CoversTheQuantile(string name, int n, double truth)
    {
        // exp(Z) has median 1 and 95% quantile exp(1.6448536). 3,000 simulations leave an error of 0.4%.
        var random = new SplitMix64((ulong)n);
        var metric = MetricRegistry.BuiltIn.Get(name);
        var covered = 0;
        for (var s = 0; s < 3_000; s++)
        {
            var scores = new double[n][];
            for (var i = 0; i < n; i++)
            {
                scores[i] = [Math.Exp(Normal.Quantile(random.Fraction() + 1e-17))];
            }

            var estimate = Estimator.Estimate(metric, scores);
            covered += estimate.Low <= truth && truth <= estimate.High ? 1 : 0;
        }

        Assert.InRange(covered / 3_000.0, 0.93, 0.97);
    }

    [Fact]
    public void Quantile_NearestRank_IsAnObservation()
    {
        double[] sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
        Assert.Equal(10, OrderStatistics.Quantile(sorted, 0.5));
        Assert.Equal(19, OrderStatistics.Quantile(sorted, 0.95));
        Assert.Equal(7, OrderStatistics.Quantile([7], 0.95));
    }
}
