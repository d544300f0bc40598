using System.Globalization;
using CsCheck;
using Landfall.Platform.Search;

namespace Landfall.Platform.Tests.Search;

public sealed class SearchSpaceTests
{
    private static readonly Gen<NumberSetting> Numbers = Gen.Select(Gen.Double[2e-6, 1e4], Gen.Double[1.001, 1e5], Gen.Bool, Gen.Bool, (from, factor, log, whole) => whole
        ? new NumberSetting("n", Math.Ceiling(from), Math.Ceiling(from) + Math.Ceiling(factor), log, IsWhole: true)
        : new NumberSetting("n", Written(from), Written(Math.Min(from * factor, 1e9)), log));

    /// <summary>A number as people write it: of at most nine digits.</summary>
    private static double Written(double value) => double.Parse(value.ToString("G9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    [Fact]
    public void TextAt_AnyPlace_IsWithinTheRangeAndStandsThere() => Gen.Select(Numbers, Gen.Double[0, 1]).Sample((setting, place) =>
    {
        var text = setting.TextAt(place);
        var value = double.Parse(text, CultureInfo.InvariantCulture);

        Assert.InRange(value, setting.From, setting.To);
        Assert.Equal(text, setting.TextAt(Math.Min(setting.PlaceOf(text), 1)));
        if (setting.IsWhole)
        {
            Assert.Equal(Math.Round(value), value);
        }

        // Four digits: on a narrow range they are coarse steps.
        var (low, high) = setting.PlacesOf(text);
        var step = setting.IsWhole ? 1e-9 : setting.To * 1e-3 / (setting.IsLog ? setting.From * Math.Log(setting.To / setting.From) : setting.To - setting.From);
        Assert.InRange(place, low - step - 1e-9, high + step + 1e-9);
    });

    [Theory]
    [InlineData("0.01", 0.0)]
    [InlineData("1", 0.5)]
    [InlineData("100", 1.0)]
    public void PlaceOf_OnALogScale_IsByFactors(string value, double place) =>
        Assert.Equal(place, new NumberSetting("cost", 0.01, 100, IsLog: true).PlaceOf(value), 12);

    [Fact]
    public void TextAt_WholeNumbers_HaveEqualShares()
    {
        var setting = new NumberSetting("k", 1, 4, IsWhole: true);
        Assert.Equal(["1", "1", "2", "2", "3", "3", "4", "4", "4"], new[] { 0, 0.24, 0.26, 0.49, 0.51, 0.74, 0.76, 0.99, 1 }.Select(setting.TextAt));
    }

    [Fact]
    public void All_OfAFiniteSpace_AreItsCombinations()
    {
        var space = new SearchSpace([new ChoiceSetting("a", ["x", "y"]), new NumberSetting("b", 3, 5, IsWhole: true), new ChoiceSetting("c", ["only"])]);
        Assert.Equal(6, space.Combinations);
        Assert.Equal(6, space.All().Select(SearchSpace.Identity).Distinct().Count());
        Assert.Null(new SearchSpace([.. space.Settings, new NumberSetting("d", 0, 1)]).Combinations);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("tpe")]
    [InlineData("asha")]
    [InlineData("asha-tpe")]
    public void Next_OfAFiniteSpace_TriesEverySettingsOnceAndEnds(string method)
    {
        var space = new SearchSpace([new ChoiceSetting("a", ["x", "y", "z"]), new NumberSetting("b", 1, 4, IsWhole: true)]);
        var tried = SearchFunctions.Search(method, space, (settings, _) => SearchFunctions.Number(settings, "b"), trials: 100, seed: 3, [1.0 / 3, 1]);
        Assert.Equal(12, tried.Where(t => t.Rung == 0).Select(t => SearchSpace.Identity(t.Settings)).Distinct().Count());
        Assert.Equal(12, tried.Count(t => t.Rung == 0));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("tpe")]
    [InlineData("asha")]
    [InlineData("asha-tpe")]
    public void Next_WithTheSameHistory_ProposesTheSame(string method)
    {
        var (first, again, other) = (Search(4), Search(4), Search(5));
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        List<string> Search(int seed) => [.. SearchFunctions.Search(method, SearchFunctions.MixedSpace, (settings, share) => SearchFunctions.Mixed(settings) / share, trials: 25, seed, [1.0 / 9, 1.0 / 3, 1])
            .Select(t => $"{t.Rung} {t.Promotes} {SearchSpace.Identity(t.Settings)}")];
    }

    [Theory]
    [InlineData("random")]
    [InlineData("tpe")]
    [InlineData("asha")]
    [InlineData("asha-tpe")]
    public void Next_WhereEveryTrialFails_GoesOnToTheEnd(string method)
    {
        var tried = SearchFunctions.Search(method, SearchFunctions.MixedSpace, (_, _) => null, trials: 20, seed: 1, [1.0 / 3, 1]);
        Assert.Equal(20, tried.Count);
        Assert.All(tried, t => Assert.Equal(0, t.Rung));
    }
}
