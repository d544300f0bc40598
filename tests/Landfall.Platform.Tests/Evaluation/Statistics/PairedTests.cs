using CsCheck;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

public sealed class PairedTests
{
    [Theory]
    // 2 * P(X <= b | b + c, 1/2), as fractions: 2 * 2517 / 2^16, 2 * 1 / 2^6, 2 * (1 + 10) / 2^10.
    [InlineData(4, 12, 2 * 2517 / 65536.0)]
    [InlineData(6, 0, 2 / 64.0)]
    [InlineData(1, 9, 22 / 1024.0)]
    [InlineData(5, 5, 1)]
    [InlineData(0, 0, 1)]
    public void McNemar_Discordant_IsTheExactSum(int onlyA, int onlyB, double p)
    {
        Assert.Equal(p, McNemar.PValue(onlyA, onlyB), 1e-12);
        Assert.Equal(p, McNemar.PValue(onlyB, onlyA), 1e-12);
    }

    [Fact]
    public void McNemar_PrimeMinistersRatings_IsAsPublished()
    {
        // Agresti, Categorical Data Analysis, table 10.1: 150 changed one way, 86 the other; z^2 = 17.36, p below 0.0001.
        Assert.InRange(McNemar.PValue(86, 150), 1e-5, 1e-4);
    }

    [Fact]
    public void Holm_TextbookExample_IsAsPublished()
    {
        // Ordered .005 .01 .03 .04, times 4 3 2 1, never falling: .02 .03 .06 .06.
        var adjusted = Holm.Adjust([0.01, 0.04, 0.03, 0.005]);
        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
        Assert.Empty(Holm.Adjust([]));
    }

    [Fact]
    public void Holm_AnyValues_KeepTheirOrderAndGrow() => Gen.Double[0, 1].Array[1, 12].Sample(p =>
    {
        var adjusted = Holm.Adjust(p);
        Assert.All(p.Zip(adjusted), pair => Assert.InRange(pair.Second, pair.First, Math.Min(1, pair.First * p.Length)));
        Assert.Equal(p.Order(), p.Zip(adjusted).OrderBy(pair => pair.Second).ThenBy(pair => pair.First).Select(pair => pair.First));
    });

    [Fact]
    public void Permutation_FewPairs_IsTheExactShare()
    {
        // Differences 1 2 3 4: of 16 sign patterns only all plus and all minus reach |10|: 2/16.
        var metric = MetricRegistry.BuiltIn.Get("token-f1");
        Assert.Equal(2 / 16.0, Comparisons.PValue(metric, Scores(0.1, 0.2, 0.3, 0.4, 0.5), Scores(0, 0, 0, 0, 0.5)), 1e-12);
        Assert.Equal(1, Comparisons.PValue(metric, Scores(0.3, 0.6), Scores(0.3, 0.6)));
    }

    [Fact]
    public void Permutation_ManyRightOrWrongPairs_AgreesWithMcNemar()
    {
        // With scores of 0 and 1 both tests ask the same question; 10,000 draws leave an error of about 0.004.
        var a = Enumerable.Range(0, 200).Select(i => i < 150 ? 1.0 : 0.0).ToArray();
        var b = Enumerable.Range(0, 200).Select(i => i is < 130 or > 190 ? 1.0 : 0.0).ToArray();
        var p = Comparisons.PValue(MetricRegistry.BuiltIn.Get("token-f1"), Scores(a), Scores(b));
        Assert.Equal(McNemar.PValue(20, 9), p, 0.015);
        Assert.Equal(p, Comparisons.PValue(MetricRegistry.BuiltIn.Get("token-f1"), Scores(b), Scores(a)), 0.015);
    }

    [Fact]
    public void Permutation_ScoreOnOneSideOnly_IsSwappedAsWell()
    {
        // Out-of-scope precision: A says "out of scope" on the first four rows and is right on all, B on the last four and is wrong on all.
        var metric = MetricRegistry.BuiltIn.Get("out-of-scope-precision");
        double[]?[] a = [[1], [1], [1], [1], null, null, null, null];
        double[]?[] b = [null, null, null, null, [0], [0], [0], [0]];

        // Only the two extreme assignments have a difference of 1; those that leave one side without scores count as 0 for it.
        Assert.InRange(Comparisons.PValue(metric, a, b), 2 / 256.0, 40 / 256.0);
    }

    private static double[]?[] Scores(params double[] values) => Array.ConvertAll(values, value => (double[]?)[value]);
}
