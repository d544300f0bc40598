using Landfall.Platform.Search;

namespace Landfall.Platform.Tests.Search;

public sealed class TreeParzenSearchTests
{
    private const int Seeds = 40;

    [Theory]
    [InlineData("branin", 40)]
    [InlineData("mixed", 40)]
    public void Search_KnownFunction_EndsNearerToTheMinimumThanRandom(string function, int trials)
    {
        var (space, loss) = function == "branin"
            ? (SearchFunctions.BraninSpace, (Func<IReadOnlyDictionary<string, string>, double>)(s => SearchFunctions.Branin(s) - 0.397887))
            : (SearchFunctions.MixedSpace, SearchFunctions.Mixed);

        var (tpe, random) = (MeanBest("tpe", space, loss, trials), MeanBest("random", space, loss, trials));

        TestContext.Current.TestOutputHelper?.WriteLine($"{function}: tpe {tpe:0.0000}, random {random:0.0000}");
        Assert.True(tpe < 0.7 * random, $"tpe {tpe:0.0000}, random {random:0.0000}");
    }

    private static double MeanBest(string method, SearchSpace space, Func<IReadOnlyDictionary<string, string>, double> loss, int trials) =>
        Enumerable.Range(1, Seeds).Average(seed => SearchFunctions.Search(method, space, (settings, _) => loss(settings), trials, seed).Min(t => t.Loss!.Value));
}
