using Landfall.Platform.Evaluation.Statistics.Agreement;

namespace Landfall.Platform.Tests.Evaluation.Statistics.Agreement;

/// <summary>
/// The coefficients against published worked examples. Papers round to two or three digits; where a figure is given as a
/// fraction it is the exact value of the paper's own table, and its rounding is the paper's figure.
/// </summary>
public sealed class CoefficientTests
{
    private const double Exactly = 1e-6;

    [Fact]
    public void CohenKappa_Cohen1960Table2_IsTheTables()
    {
        // p_o = .70, p_c = .41, kappa = .29 / .59 = .492 in the paper.
        Assert.Equal(0.29 / 0.59, CohenKappa.OfCounts(PublishedRatings.Cohen).Value!.Value, Exactly);
    }

    [Fact]
    public void CohenKappa_Cohen1968Table1Weights_IsTheTables()
    {
        // 1 - .90 / 1.38 = .348 in the paper.
        Assert.Equal(1 - (0.90 / 1.38), CohenKappa.OfCounts(PublishedRatings.Cohen, PublishedRatings.CohenWeights).Value!.Value, Exactly);
    }

    [Theory]
    [InlineData(KappaWeights.None, -0.006289308)]
    [InlineData(KappaWeights.Linear, 0.1459075)]
    [InlineData(KappaWeights.Quadratic, 0.2520325)]
    public void CohenKappa_AnxietyOfIrr_IsThatOfItsKappa2(KappaWeights weights, double published) =>
        Assert.Equal(published, CohenKappa.Of(PublishedRatings.Anxiety, 0, 1, weights).Value!.Value, Exactly);

    [Fact]
    public void FleissKappa_Fleiss1971Table1_IsThatOfIrr()
    {
        // .430 in the paper; .4302445 by R's kappam.fleiss on the same table.
        Assert.Equal(0.4302445, FleissKappa.OfCounts(PublishedRatings.Fleiss).Value!.Value, Exactly);
    }

    [Fact]
    public void FleissKappa_FourteenRaters_IsTheTablesFraction()
    {
        // P = 172 / 455 = .378, P_e = 417 / 1960 = .213; .210 in the article.
        var kappa = ((172.0 / 455) - (417.0 / 1960)) / (1 - (417.0 / 1960));
        Assert.Equal(kappa, FleissKappa.OfCounts(PublishedRatings.FourteenRaters).Value!.Value, Exactly);
        Assert.Equal(0.210, kappa, 0.0005);
    }

    [Theory]
    [InlineData(MeasurementLevel.Nominal, 113, 152, 0.743)]
    [InlineData(MeasurementLevel.Ordinal, 108577, 133160, 0.815)]
    [InlineData(MeasurementLevel.Interval, 951, 1120, 0.849)]
    [InlineData(MeasurementLevel.Ratio, 18222619, 22852465, 0.797)]
    public void KrippendorffAlpha_FourObservers_IsThePapers(MeasurementLevel level, long numerator, long denominator, double published)
    {
        var alpha = KrippendorffAlpha.Of(PublishedRatings.FourObservers, level).Value!.Value;
        Assert.Equal((double)numerator / denominator, alpha, Exactly);
        Assert.Equal(published, alpha, 0.0005);
    }

    [Fact]
    public void KrippendorffAlpha_TwoObservers_IsThePapers()
    {
        // .095 and .692 in the paper.
        Assert.Equal(2.0 / 21, KrippendorffAlpha.Of(PublishedRatings.Binary).Value!.Value, Exactly);
        Assert.Equal(155.0 / 224, KrippendorffAlpha.Of(PublishedRatings.TwoObservers).Value!.Value, Exactly);
    }

    [Fact]
    public void Coefficients_PerfectAgreement_AreOne()
    {
        var table = PublishedRatings.Of("1234123412341234", "1234123412341234", "1234123412341234");
        Assert.All(
            [CohenKappa.Of(table, 0, 1), FleissKappa.Of(table), .. Enum.GetValues<MeasurementLevel>().Select(level => KrippendorffAlpha.Of(table, level))],
            value => Assert.Equal(1, value.Value!.Value, 1e-12));
    }

    [Fact]
    public void Intervals_KnownAgreement_CoverIt()
    {
        // Two annotators who know an item's label with probability .8 and guess otherwise, two labels alike often: both know
        // or agree by chance: p_o = .64 + .36 / 2 = .82, p_e = .5, kappa = .64. 300 simulations leave an error of 1.3%.
        var random = new Landfall.Platform.Evaluation.Statistics.SplitMix64(17);
        int covered = 0, simulations = 300;
        for (var s = 0; s < simulations; s++)
        {
            var counts = new int[2, 2];
            for (var i = 0; i < 150; i++)
            {
                var truth = random.Index(2);
                counts[Labelled(ref random, truth), Labelled(ref random, truth)]++;
            }

            var kappa = CohenKappa.OfCounts(counts, seed: (ulong)s);
            covered += kappa.Low <= 0.64 && 0.64 <= kappa.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)simulations, 0.91, 0.985);
    }

    private static int Labelled(ref Landfall.Platform.Evaluation.Statistics.SplitMix64 random, int truth) => random.Fraction() < 0.8 ? truth : random.Index(2);
}
