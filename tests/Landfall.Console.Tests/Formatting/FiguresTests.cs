using System.Globalization;
using CsCheck;
using Landfall.Console.Formatting;

namespace Landfall.Console.Tests.Formatting;

public sealed class FiguresTests
{
    [Theory]
    [InlineData("accuracy", 0.9, "0.900")]
    [InlineData("latency-p95-ms", 50, "50 ms")]
    [InlineData("latency-p95-ms", 3.1, "3.10 ms")]
    [InlineData("latency-p95-ms", 0.042, "0.042 ms")]
    [InlineData("latency-p95-ms", 12500, "12.5 s")]
    [InlineData("cost-per-1k-requests-usd", 0, "$0")]
    [InlineData("cost-per-1k-requests-usd", 0.00000431, "$0.00000431")]
    [InlineData("tokens", 1234.56, "1,234.6")]
    [InlineData("bleu", 31.24, "31.2")]
    public void Metric_ByItsName_HasItsUnit(string metric, double value, string expected) => Assert.Equal(expected, Figures.Metric(metric, value));

    [Theory]
    [InlineData(0.25, "250 ms")]
    [InlineData(11.8, "11.8 s")]
    [InlineData(93, "1 min 33 s")]
    [InlineData(3720, "1 h 02 min")]
    public void Seconds_OfEachSize_ReadsWell(double seconds, string expected) => Assert.Equal(expected, Figures.Seconds(seconds));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(9_700_000, "9.7 MB")]
    [InlineData(268_300_000, "268 MB")]
    [InlineData(3_221_225_472, "3.22 GB")]
    public void Bytes_OfEachSize_ReadsWell(long bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0.077, "+0.077")]
    [InlineData(-0.012, "−0.012")]
    [InlineData(0, "±0.000")]
    public void Difference_OfEachSign_ShowsIt(double difference, string expected) => Assert.Equal(expected, Figures.Difference("accuracy", difference));

    [Fact]
    public void Figures_InAnyCulture_AreTheSame() =>
        Gen.Select(Gen.Double[0, 1e9], Gen.OneOf("accuracy", "latency-p50-ms", "cost-per-1k-requests-usd", "tokens", "chrf")).Sample((value, metric) =>
        {
            string All() => string.Join(' ', Figures.Metric(metric, value), Figures.Seconds(value), Figures.Bytes((long)value), Figures.Count((long)value), Figures.Money((decimal)value), Figures.P(value / 1e9), Figures.Percent(value));
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            var invariant = All();
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");

            Assert.Equal(invariant, All());
        });
}
