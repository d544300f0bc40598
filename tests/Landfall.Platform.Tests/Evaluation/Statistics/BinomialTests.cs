using CsCheck;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

public sealed class BinomialTests
{
    private static readonly Gen<(int K, int N, int Permille)> s_cases =
        Gen.Int[1, 300].SelectMany(n => Gen.Select(Gen.Int[0, n], Gen.Const(n), Gen.Int[1, 999]));

    [Fact]
    public void Tails_AnyCase_AgreeWithExactSums() => s_cases.Sample(
        (k, n, permille) =>
        {
            var exact = ExactBinomial.UpperTail(k, n, permille, 1000);
            Assert.Equal(exact, Binomial.UpperTail(k, n, permille / 1000.0), 1e-11);
            Assert.Equal(1 - exact, Binomial.LowerTail(k - 1, n, permille / 1000.0), 1e-11);
        },
        iter: 300);

    [Fact]
    public void Bounds_AnyCase_TurnTheExactTail() => s_cases.Sample(
        (k, n, _) =>
        {
            const double alpha = 0.00625;
            const int billion = 1_000_000_000;
            var low = Binomial.LowerBound(k, n, alpha);
            if (k > 0)
            {
                var at = (int)(low * billion);
                Assert.True(ExactBinomial.UpperTail(k, n, Math.Max(at - 1, 0), billion) <= alpha);
                Assert.True(ExactBinomial.UpperTail(k, n, at + 2, billion) >= alpha);
            }

            // By symmetry.
            Assert.Equal(1 - Binomial.LowerBound(n - k, n, alpha), Binomial.UpperBound(k, n, alpha), 1e-12);
        },
        iter: 60);

    [Theory]
    // Clopper and Pearson 1934 and its tables: 95% two-sided intervals.
    [InlineData(81, 263, 0.2527, 0.3676)]
    [InlineData(15, 148, 0.0578, 0.1617)]
    [InlineData(0, 20, 0.0000, 0.1684)]
    [InlineData(1, 29, 0.0009, 0.1776)]
    public void Bounds_NewcombesExamples_AreAsPublished(int k, int n, double low, double high)
    {
        Assert.Equal(low, Binomial.LowerBound(k, n, 0.025), 5e-5);
        Assert.Equal(high, Binomial.UpperBound(k, n, 0.025), 5e-5);
    }

    [Theory]
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_NewcombesExamples_AreAsPublished(int k, int n, double low, double high)
    {
        var interval = Wilson.Interval(k, n);
        Assert.Equal(low, interval.Low, 5e-5);
        Assert.Equal(high, interval.High, 5e-5);
    }

    [Theory]
    // The exact probability that Wilson's interval covers the truth, summed over all outcomes.
    [InlineData(600)]
    [InlineData(1000)]
    [InlineData(2500)]
    [InlineData(5500)]
    public void Wilson_TargetsOfBriefs_CoversBetween93And97Percent(int n)
    {
        foreach (var p in new[] { 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.95, 0.96, 0.97, 0.98 })
        {
            double coverage = 0;
            for (var k = 0; k <= n; k++)
            {
                var (low, high) = Wilson.Interval(k, n);
                coverage += low <= p && p <= high ? Binomial.LowerTail(k, n, p) - Binomial.LowerTail(k - 1, n, p) : 0;
            }

            Assert.InRange(coverage, 0.93, 0.97);
        }
    }
}
