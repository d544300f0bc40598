using System.Numerics;
using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Briefs;

/// <summary>The sample-size rules against sums of binomial terms in whole numbers, without rounding.</summary>
public sealed class TestSizeRulesTests
{
    [Theory]
    [InlineData(95, 95, 59)]
    [InlineData(90, 95, 29)]
    [InlineData(99, 95, 299)]
    [InlineData(50, 95, 5)]
    public void RowsIfAllRight_UsualBounds_AreTheKnownFigures(int bound, int confidence, int rows) =>
        Assert.Equal(rows, SampleSize.RowsIfAllRight(bound / 100.0, confidence / 100.0));

    [Fact]
    public void RowsIfAllRight_AnyBound_IsTheLeastByExactPowers() =>
        Gen.Select(Gen.Int[1, 995], Gen.Int[510, 999]).Sample((bound, confidence) =>
        {
            var rows = SampleSize.RowsIfAllRight(bound / 1000.0, confidence / 1000.0);
            BigInteger Excess(int n) => (BigInteger.Pow(bound, n) * 1000) - ((1000 - confidence) * BigInteger.Pow(1000, n));
            Assert.True(Excess(rows) <= 0);

            // An exact tie may be lost to rounding of 1 - confidence: one row more, on the safe side.
            Assert.True(rows == 1 || Excess(rows - 1) >= 0);
        });

    [Theory]
    [InlineData(95, 97, 95)]
    [InlineData(90, 94, 95)]
    [InlineData(80, 88, 90)]
    [InlineData(50, 70, 95)]
    [InlineData(60, 76, 99)]
    public void RowsForPower_ExactSums_IsTheLeastWithTheChance(int bound, int truth, int confidence)
    {
        var rows = SampleSize.RowsForPower(bound / 100.0, truth / 100.0, confidence / 100.0, 0.8);

        Assert.True(HasPower(rows, bound, truth, confidence));
        for (var n = rows - 1; n >= Math.Max(1, rows - 25); n--)
        {
            Assert.False(HasPower(n, bound, truth, confidence));
        }
    }

    [Theory]
    [InlineData(0.95, 0.97)]
    [InlineData(0.90, 0.94)]
    [InlineData(0.5, 0.7)]
    public void SupposedTruth_OfABound_IsTwoFifthsOfTheWay(double bound, double truth) => Assert.Equal(truth, TestSizeRules.SupposedTruth(bound), 10);

    [Fact]
    public void RowsForProof_WhereTheApproximationTakesOver_AgreesWithTheExactSearch()
    {
        // From about 5,000 rows on, the approximation stands in for the exact search.
        var exact = SampleSize.RowsForPower(0.9985, TestSizeRules.SupposedTruth(0.9985), 0.95, TestSizeRules.Power);

        Assert.Equal(exact, TestSizeRules.RowsForProof(0.9985, 0.95), tolerance: 0.05 * exact);
        Assert.InRange(TestSizeRules.RowsForProof(0.9992, 0.95), exact, 3.0 * exact);
    }

    [Theory]
    [InlineData(603, "600")]
    [InlineData(59, "59")]
    [InlineData(7, "7")]
    [InlineData(12_549, "13,000")]
    [InlineData(0.3, "0")]
    public void About_Rows_HasTwoDigits(double rows, string shown) => Assert.Equal(shown, TestSizeRules.About(rows));

    /// <summary>Whether n rows prove the bound with a chance of at least 80% if the truth is as given; all in percent.</summary>
    private static bool HasPower(int n, int bound, int truth, int confidence)
    {
        var whole = BigInteger.Pow(100, n);
        var needed = n + 1;
        for (BigInteger tail = 0; needed > 0; needed--)
        {
            tail += Term(n, needed - 1, bound);
            if (tail * 100 > (100 - confidence) * whole)
            {
                break;
            }
        }

        BigInteger power = 0;
        for (var k = needed; k <= n; k++)
        {
            power += Term(n, k, truth);
        }

        return power * 10 >= 8 * whole;
    }

    private static BigInteger Term(int n, int k, int percent) =>
        Choose(n, k) * BigInteger.Pow(percent, k) * BigInteger.Pow(100 - percent, n - k);

    private static BigInteger Choose(int n, int k)
    {
        BigInteger result = 1;
        for (var i = 1; i <= Math.Min(k, n - k); i++)
        {
            result = result * (n - i + 1) / i;
        }

        return result;
    }
}
