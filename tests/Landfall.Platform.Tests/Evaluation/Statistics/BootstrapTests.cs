using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Statistics;

namespace Landfall.Platform.Tests.Evaluation.Statistics;

public sealed class BootstrapTests
{
    [Fact]
    public void Bound_MeanOfNormals_IsNearTheT()
    {
        var random = new SplitMix64(7);
        double[][] scores = [.. Enumerable.Range(0, 400).Select(_ => new[] { Normal.Quantile(Math.Max(random.Fraction(), 1e-12)) })];
        var bootstrap = Bootstrap.Run(new MeanStatistic(scores), 20_000);
        var mean = scores.Average(s => s[0]);
        var error = Math.Sqrt(scores.Sum(s => (s[0] - mean) * (s[0] - mean)) / 400 / 400);
        Assert.Equal(mean - (1.96 * error), bootstrap.Bound(0.025), 0.06 * error * 1.96);
        Assert.Equal(mean + (1.96 * error), bootstrap.Bound(0.975), 0.06 * error * 1.96);
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBounds()
    {
        double[][] scores = [.. Enumerable.Range(0, 50).Select(i => new[] { i / 50.0 })];
        Assert.Equal(Bootstrap.Run(new MeanStatistic(scores)).Bound(0.05), Bootstrap.Run(new MeanStatistic(scores)).Bound(0.05));
    }

    [Fact]
    public void HasWidth_AlikeRows_IsFalse()
    {
        Assert.False(Bootstrap.Run(new MeanStatistic([.. Enumerable.Repeat(new[] { 0.1 }, 37)])).HasWidth);
        Assert.True(Bootstrap.Run(new MeanStatistic([.. Enumerable.Repeat(new[] { 0.1 }, 37), [0.2]])).HasWidth);
    }

    [Fact]
    public void Interval_SkewedScores_CoversTheMean()
    {
        // A score that is 1 on four rows of five and evenly spread below: mean 0.9. 600 simulations leave an error of 0.9%.
        var random = new SplitMix64(11);
        var metric = MetricRegistry.BuiltIn.Get("token-f1");
        int covered = 0, simulations = 600;
        for (var s = 0; s < simulations; s++)
        {
            var estimate = Estimator.Estimate(metric, [.. Enumerable.Range(0, 200).Select(_ => new[] { Score(ref random) })]);
            covered += estimate.Low <= 0.9 && 0.9 <= estimate.High ? 1 : 0;
        }

        Assert.InRange(covered / (double)simulations, 0.92, 0.98);
    }

    internal static double Score(ref SplitMix64 random) => random.Fraction() < 0.8 ? 1 : random.Fraction();
}
