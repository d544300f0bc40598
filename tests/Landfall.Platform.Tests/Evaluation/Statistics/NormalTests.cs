using CsCheck;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

public sealed class NormalTests
{
    [Theory]
    // Abramowitz and Stegun, table 26.1.
    [InlineData(0.0, 0.5)]
    [InlineData(1.0, 0.841344746068543)]
    [InlineData(2.0, 0.977249868051821)]
    [InlineData(3.0, 0.998650101968370)]
    [InlineData(-4.0, 3.16712418331199e-5)]
    public void Cdf_TableValues_Agree(double z, double p) => Assert.Equal(p, Normal.Cdf(z), 1e-14);

    [Fact]
    public void Quantile_OfCdf_IsTheValue()
    {
        Gen.Double[-7, 7].Sample(z => Math.Abs(Normal.Quantile(Normal.Cdf(z)) - z) < (z > 3 ? 1e-3 : 1e-9));
        Assert.Equal(Normal.TwoSided95, Normal.Quantile(0.975), 1e-12);
    }
}
