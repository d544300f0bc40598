using CsCheck;
using Landfall.Commands;
using Landfall.Protocol.Reports;

namespace Landfall.Tests.Commands;

public sealed class FiguresTests
{
    [Fact]
    public void WithBounds_OfRates_RoundsOutwards() =>
        Gen.Double[0, 1].Array[3].Sample(values =>
        {
            Array.Sort(values);
            var shown = Figures.WithBounds(Target(values[1], values[0], values[2]));
            var inside = shown[(shown.IndexOf('[', StringComparison.Ordinal) + 1)..^1].Split(", ");
            Assert.InRange(double.Parse(inside[0], System.Globalization.CultureInfo.InvariantCulture), values[0] - 0.00101, values[0] + 2e-9);
            Assert.InRange(double.Parse(inside[1], System.Globalization.CultureInfo.InvariantCulture), values[2] - 2e-9, values[2] + 0.00101);
        });

    [Fact]
    public void WithBounds_OfDecimalFractions_KeepsThem() => Assert.Equal("0.930 [0.929, 0.931]", Figures.WithBounds(Target(0.93, 0.929, 0.931)));

    [Theory]
    [InlineData(999, "999 B")]
    [InlineData(1_500, "2 kB")]
    [InlineData(999_499_999, "999 MB")]
    [InlineData(1_000_000_000, "1.0 GB")]
    public void Bytes_BySize_HasItsUnit(long bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));

    [Fact]
    public void Cell_OfAnyText_IsOneShortLineWithoutControls() =>
        Gen.String.Sample(text =>
        {
            var cell = PlainText.Cell(text, 20);
            Assert.DoesNotContain(cell, char.IsControl);
            Assert.InRange(cell.Length, 0, 23);
        });

    private static TargetReport Target(double value, double low, double high) => new()
    {
        Metric = "accuracy",
        On = "test",
        Bound = 0.9,
        Direction = Direction.AtLeast,
        Confidence = 0.95,
        Value = value,
        Low = low,
        High = high,
        N = 1,
        Verdict = Verdict.Met,
    };
}
