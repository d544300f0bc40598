using CsCheck;
using Landfall.Platform.Search;

namespace Landfall.Platform.Tests.Search;

public sealed class HalvingSearchTests
{
    private const int Eta = 3;
    private static readonly double[] Shares = [1.0 / 9, 1.0 / 3, 1];
    private static readonly SearchSpace Line = new([new NumberSetting("x", 0, 1), new NumberSetting("y", 0, 1), new NumberSetting("z", 0, 1)]);

    /// <summary>Algorithm 2 of Li et al. (2020), get_job, written from the paper: what each proposal must be, whatever the losses and failures.</summary>
    [Fact]
    public void Next_AnyLosses_IsGetJobOfThePaper() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 1000], Gen.Int[0, 6]).Sample(
        (trials, seed, outcomes) =>
        {
            var random = new Random(seed);
            var tried = new List<TriedSettings>();
            var method = SearchMethods.BuiltIn.Find("asha")!;
            while (method.Next(new SearchHistory(Line, trials, seed, Shares, tried)) is { } proposal)
            {
                Assert.Equal(GetJob(tried), (proposal.Promotes, proposal.Rung));
                if (proposal.Promotes is { } promoted)
                {
                    Assert.Equal(tried[promoted - 1].Settings, proposal.Settings);
                }

                // Few different losses: many are equal, and some trials fail.
                var loss = random.Next(outcomes + 2);
                tried.Add(new TriedSettings(tried.Count + 1, proposal.Settings, proposal.Rung, proposal.Promotes, loss == 0 && outcomes > 0 ? null : loss));
            }

            Assert.Equal(trials, tried.Count(t => t.Rung == 0));
            Assert.Null(GetJob(tried).Promotes);
        },
        iter: 200);

    /// <summary>
    /// Curves that fall with the share towards a floor of their own, at rates of their own: on a ninth of the training the
    /// order is only roughly that of the end.
    /// </summary>
    [Fact]
    public void Search_LearningCurves_ReachesRandomsBestWithFewRows()
    {
        var fractions = Enumerable.Range(1, 5).Select(seed => FractionToReach(seed, trials: 30)).ToList();

        TestContext.Current.TestOutputHelper?.WriteLine($"shares of random's rows: {string.Join(", ", fractions.Select(f => f.ToString("0.000")))}; mean {fractions.Average():0.000}");
        Assert.True(fractions.Average() <= 0.4, $"{fractions.Average():0.000}");
    }

    private static double FractionToReach(int seed, int trials)
    {
        var best = SearchFunctions.Search("random", Line, Curve, trials, seed).Min(t => t.Loss!.Value);
        var spent = 0.0;
        foreach (var trial in SearchFunctions.Search("asha", Line, Curve, trials, seed, Shares))
        {
            spent += Shares[trial.Rung];
            if (trial.Rung == Shares.Length - 1 && trial.Loss <= best)
            {
                return spent / trials;
            }
        }

        // Never reached: as bad as random.
        return 1;
    }

    private static double? Curve(IReadOnlyDictionary<string, string> settings, double share)
    {
        double x = SearchFunctions.Number(settings, "x") - 0.3, y = SearchFunctions.Number(settings, "y") - 0.6, z = SearchFunctions.Number(settings, "z");
        return 0.05 + (0.5 * ((x * x) + (y * y))) + ((0.02 + (0.05 * z)) * Math.Pow(share, -0.3 - (0.2 * z)));
    }

    private static (int? Promotes, int Rung) GetJob(List<TriedSettings> tried)
    {
        for (var k = Shares.Length - 2; k >= 0; k--)
        {
            var rung = tried.FindAll(t => t.Rung == k);
            var top = rung.FindAll(t => rung.Count(o => IsBetter(o, t)) < rung.Count / Eta);
            var promotable = top.FindAll(t => t.Loss is not null && !tried.Exists(o => o.Promotes == t.Number));
            if (promotable.Count > 0)
            {
                return (promotable.Find(t => promotable.TrueForAll(o => o == t || IsBetter(t, o)))!.Number, k + 1);
            }
        }

        return (null, 0);
    }

    private static bool IsBetter(TriedSettings a, TriedSettings b) => (a.Loss, b.Loss) switch
    {
        (null, null) => a.Number < b.Number,
        (null, _) => false,
        (_, null) => true,
        _ => a.Loss < b.Loss || (a.Loss == b.Loss && a.Number < b.Number),
    };
}
