using CsCheck;
using Landfall.Platform.Evaluation.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

public sealed class AxisTests
{
    private static readonly Gen<double> Value = Gen.OneOf(Gen.Double[0, 1], Gen.Double[-1000, 100_000], Gen.OneOf(0.0, 1.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity));

    [Fact]
    public void For_AnyValues_PlacesThemInOrderWithinTheAxis() =>
        Value.Array[0, 12].Sample(values =>
        {
            var axis = Axis.For(values, isRate: Array.TrueForAll(values, v => v is >= 0 and <= 1));
            var places = values.Where(v => !double.IsNaN(v)).Order().Select(axis.Place).ToList();
            Assert.All(places, p => Assert.InRange(p, 0, 1));
            Assert.Equal(places.Order(), places);
            Assert.Equal(axis.Ticks.Order(), axis.Ticks);
            Assert.True(axis.Ticks.Count <= 12);
        });

    [Fact]
    public void For_Rates_StaysWithinZeroAndOne()
    {
        var axis = Axis.For([0.9, 1], isRate: true);

        Assert.Equal(1, axis.Place(1));
        Assert.Equal([0.9, 0.95, 1], axis.Ticks);
    }

    [Fact]
    public void For_WideSpread_IsLogarithmic()
    {
        var axis = Axis.For([0.8, 200], isRate: false);

        Assert.True(axis.IsLog);
        Assert.Equal([1, 10, 100], axis.Ticks);
    }
}
