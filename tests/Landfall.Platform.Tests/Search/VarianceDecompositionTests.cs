using Landfall.Platform.Search;
using Landfall.Platform.Search.Importance;

namespace Landfall.Platform.Tests.Search;

public sealed class VarianceDecompositionTests
{
    private static readonly SearchSpace Space = new([new NumberSetting("a", 0, 1), new NumberSetting("b", 1e-4, 1, IsLog: true), new ChoiceSetting("c", ["p", "q", "r"]), new NumberSetting("d", 1, 9, IsWhole: true)]);

    [Fact]
    public void Of_OneSettingThatMatters_NamesIt()
    {
        var shares = Of(settings => Math.Pow(SearchFunctions.Number(settings, "a") - 0.2, 2));
        Assert.True(shares[0] > 0.85, $"{shares[0]:0.00}");
        Assert.All(shares.Skip(1), share => Assert.InRange(share, 0, 0.05));
    }

    [Fact]
    public void Of_AChoiceThatMatters_NamesIt()
    {
        var shares = Of(settings => settings["c"] == "q" ? 1 : 0);
        Assert.True(shares[2] > 0.85, $"{shares[2]:0.00}");
    }

    /// <summary>The variances of a sum add up: of 2 a + log10 b / 4 (uniform on 0 to 1) by 4 to 1.</summary>
    [Fact]
    public void Of_ASum_SharesByTheTermsVariances()
    {
        var shares = Of(settings => (2 * SearchFunctions.Number(settings, "a")) + (Math.Log10(SearchFunctions.Number(settings, "b")) / 4));
        Assert.InRange(shares[0], 0.68, 0.86);
        Assert.InRange(shares[1], 0.12, 0.26);
        Assert.InRange(shares.Sum(), 0.85, 1.0001);
    }

    /// <summary>What two settings do only together (here: whether they are on the same side) neither explains alone.</summary>
    [Fact]
    public void Of_AnInteraction_LeavesItOut()
    {
        var shares = Of(settings => (SearchFunctions.Number(settings, "a") > 0.5) == (SearchFunctions.Number(settings, "d") > 5) ? 1 : 0);
        Assert.True(shares.Sum() < 0.3, $"{shares.Sum():0.00}");
    }

    [Fact]
    public void Of_TooFewTrialsOrNoVariance_IsEmpty()
    {
        Assert.Empty(VarianceDecomposition.Of(Space, Tried(_ => 1, 100), seed: 1));
        Assert.Empty(VarianceDecomposition.Of(Space, Tried(settings => SearchFunctions.Number(settings, "a"), VarianceDecomposition.LeastTrials - 1), seed: 1));
    }

    private static IReadOnlyList<double> Of(Func<IReadOnlyDictionary<string, string>, double> loss) => VarianceDecomposition.Of(Space, Tried(loss, 150), seed: 1);

    private static List<TriedSettings> Tried(Func<IReadOnlyDictionary<string, string>, double> loss, int trials) =>
        SearchFunctions.Search("random", Space, (settings, _) => loss(settings), trials, seed: 5);
}
