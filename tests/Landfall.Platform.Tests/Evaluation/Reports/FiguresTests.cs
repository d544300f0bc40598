using System.Globalization;
using CsCheck;
using Landfall.Platform.Evaluation.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

public sealed class FiguresTests
{
    [Fact]
    public void Beside_AnyValueNearABound_NeverCrossesItByRounding() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Double[-0.01, 0.01]).Sample(
            (thousandths, off) =>
            {
                var bound = thousandths / 1000.0;
                var value = bound + Math.Round(off, 8);
                var read = double.Parse(Figures.Beside("accuracy", value, bound).Replace('−', '-'), CultureInfo.InvariantCulture);
                Assert.Equal(Math.Sign(value - bound), Math.Sign(read - bound));
            });

    [Theory]
    [InlineData("accuracy", 0.8996, 0.9, "0.8996")]
    [InlineData("accuracy", 0.9, 0.9, "0.900")]
    [InlineData("accuracy", 0.86174, 0.9, "0.862")]
    [InlineData("latency-p95-ms", 199.96, 200, "199.96 ms")]
    [InlineData("latency-p95-ms", double.PositiveInfinity, 200, "∞ ms")]
    [InlineData("accuracy", double.NaN, 0.9, "–")]
    public void Beside_Value_IsShortButOnItsSide(string metric, double value, double bound, string expected) =>
        Assert.Equal(expected, Figures.Beside(metric, value, bound));

    [Theory]
    [InlineData("bleu", 34.217, "34.2")]
    [InlineData("latency-p50-ms", 0.1234, "0.123 ms")]
    [InlineData("latency-p50-ms", 1234.5, "1,234 ms")]
    [InlineData("cost-per-1k-requests-usd", 0.0123, "$0.0123")]
    public void Metric_Value_HasItsUnit(string metric, double value, string expected) => Assert.Equal(expected, Figures.Metric(metric, value));

    [Theory]
    [InlineData("0", "$0")]
    [InlineData("12.5", "$12.50")]
    [InlineData("0.0123", "$0.012")]
    [InlineData("0.000001", "$0.000001")]
    public void Money_Amount_KeepsWhatMatters(string dollars, string expected) =>
        Assert.Equal(expected, Figures.Money(decimal.Parse(dollars, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(812_345, "812 kB")]
    [InlineData(4_456_448, "4.5 MB")]
    public void Bytes_Size_HasItsUnit(long bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));
}
