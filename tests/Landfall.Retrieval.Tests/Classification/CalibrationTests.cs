using CsCheck;
using Landfall.Retrieval.Classification;

namespace Landfall.Retrieval.Tests.Classification;

public sealed class CalibrationTests
{
    [Fact]
    public void Fit_ScoresDrawnAtAKnownTemperature_FindsIt()
    {
        const double truth = 0.4;
        var random = new Random(7);
        var rows = Enumerable.Range(0, 4000).Select(_ =>
        {
            float[] scores = [(float)random.NextDouble(), (float)random.NextDouble(), (float)random.NextDouble()];
            var shares = Temperature.Softmax(scores, truth);
            var draw = random.NextDouble();
            var drawn = draw < shares[0] ? 0 : draw < shares[0] + shares[1] ? 1 : 2;
            return new JudgedText(new ScoredText(scores, 1), drawn, IsOutOfScope: false);
        }).ToArray();
        Assert.InRange(Temperature.Fit(rows).Temperature, 0.33, 0.48);
    }

    [Fact]
    public void LogisticRegression_LabelsDrawnFromAModel_FindsIt()
    {
        var random = new Random(3);
        var features = Enumerable.Range(0, 5000).Select(_ => new[] { (random.NextDouble() * 4) - 2, (random.NextDouble() * 10) + 5 }).ToArray();
        var positive = features.Select(x => random.NextDouble() < 1 / (1 + Math.Exp(-((1.5 * x[0]) - (0.3 * x[1]) + 2)))).ToArray();
        var fitted = LogisticRegression.Fit(features, positive).Weights;
        Assert.InRange(fitted[0], 1.3, 1.7);
        Assert.InRange(fitted[1], -0.36, -0.24);
        Assert.InRange(fitted[2], 1.4, 2.6);
    }

    [Fact]
    public void LogisticRegression_SeparableAndConstantFeatures_StaysFinite()
    {
        double[][] features = [[1, 5], [2, 5], [3, 5], [4, 5]];
        var fitted = LogisticRegression.Fit(features, [false, false, true, true]);
        Assert.All(fitted.Weights, weight => Assert.True(double.IsFinite(weight)));
        Assert.True(fitted.Probability([4, 5]) > 0.5);
    }

    [Fact]
    public void Choose_Separable_BetweenTheTwo()
    {
        var chosen = OutOfScopeRule.Choose([0.1, 0.2, 0.3, 0.7, 0.9], [false, false, false, true, true], [true, true, true, false, false]);
        Assert.InRange(chosen.Threshold, 0.31, 0.69);
        Assert.Equal((1, 1), (chosen.Accuracy, chosen.Recall));
    }

    [Fact]
    public void Choose_NoInScopeRowRight_CatchesAllThatIsOutside()
    {
        var chosen = OutOfScopeRule.Choose([0.1, 0.2, 0.3, 0.4], [false, true, false, true], [false, false, false, false]);
        Assert.Equal((0, 1), (chosen.Accuracy, chosen.Recall));
    }

    [Fact]
    public void Choose_AnyRows_StatesWhatTheThresholdGivesAndKeepsTheAccuracy() =>
        Gen.Select(Gen.Int[0, 20], Gen.Bool, Gen.Bool).Array[20, 60].Sample(
            rows =>
            {
                var probabilities = rows.Select(row => row.Item1 / 20.0).ToArray();
                bool[] outside = [.. rows.Select((row, i) => i < 2 ? i == 0 : row.Item2)];
                bool[] right = [.. rows.Select(row => row.Item3)];
                var chosen = OutOfScopeRule.Choose(probabilities, outside, right);
                var inside = outside.Count(x => !x);
                double Accuracy(double threshold) => Enumerable.Range(0, rows.Length).Count(i => !outside[i] && right[i] && probabilities[i] < threshold) / (double)inside;
                Assert.Equal(Enumerable.Range(0, rows.Length).Count(i => outside[i] && probabilities[i] >= chosen.Threshold) / (double)(rows.Length - inside), chosen.Recall, 1e-12);
                Assert.Equal(Accuracy(chosen.Threshold), chosen.Accuracy, 1e-12);
                Assert.True(chosen.Accuracy >= (0.75 * Accuracy(1.0)) - 1e-9);
            },
            iter: 2_000);

    [Theory]
    [InlineData("auto", true, "auto")]
    [InlineData(" None ", true, "none")]
    [InlineData("0.25", true, "0.25")]
    [InlineData("1.5", false, "auto")]
    [InlineData("NaN", false, "auto")]
    [InlineData("low", false, "auto")]
    [InlineData(null, false, "auto")]
    public void TryParse_Text_Rule(string? text, bool known, string rule)
    {
        Assert.Equal(known, ThresholdRule.TryParse(text, out var parsed));
        Assert.Equal(rule, parsed.ToString());
    }
}
