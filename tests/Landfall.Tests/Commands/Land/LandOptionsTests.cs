using CsCheck;
using Landfall.Commands.Land;

namespace Landfall.Tests.Commands.Land;

public sealed class LandOptionsTests
{
    [Fact]
    public void TryParse_OfWrittenDuration_IsThatDuration() =>
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 59], Gen.Int[1, 59]).Sample((h, m, s) =>
            Assert.Equal(new TimeSpan(h, m, s), LandOptions.TryParse($"{h}h{m}m{s}s")));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1.5h", 5400)]
    public void TryParse_OfOneUnit_IsThatDuration(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), LandOptions.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("10")]
    [InlineData("-5m")]
    [InlineData("5m1h")]
    [InlineData("999999999h")]
    public void TryParse_OfOtherText_IsNull(string text) => Assert.Null(LandOptions.TryParse(text));

    [Fact]
    public void TryParse_OfAnyText_DoesNotThrow() => Gen.String.Sample(text => _ = LandOptions.TryParse(text));
}
