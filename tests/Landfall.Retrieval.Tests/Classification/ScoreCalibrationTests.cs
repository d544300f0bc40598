using Landfall.Retrieval.Classification;

namespace Landfall.Retrieval.Tests.Classification;

public sealed class ScoreCalibrationTests
{
    private static readonly string[] Labels = ["billing", "faults", "none", "orders"];

    [Fact]
    public void Fit_OverconfidentScores_GivesProbabilitiesThatAreRightThatOften()
    {
        // The true label is drawn from softmax(scores); the model claims five times as much.
        var rows = Draw(4000, seed: 3, claim: 5);
        var calibration = ScoreCalibration.Fit(Labels, rows, outOfScopeLabel: null, ThresholdRule.Auto);
        var predictions = Draw(4000, seed: 4, claim: 5).Select(r => (Prediction: calibration.Predict(r.Scores), r.Label)).ToList();
        var right = predictions.Average(p => p.Prediction.Label == p.Label ? 1.0 : 0);
        Assert.Equal(right, predictions.Average(p => p.Prediction.Probability), 0.02);
        Assert.Contains(calibration.Notes, n => n.StartsWith("Temperature 5", StringComparison.Ordinal) || n.StartsWith("Temperature 4.9", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_OutOfScopeRows_CallsLowScoresOutOfScope()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 400).Select(i =>
        {
            var scores = Enumerable.Range(0, 4).Select(_ => (float)random.NextDouble()).ToArray();
            var label = i % 4 == 2 ? "none" : Labels[i % 4];
            if (label != "none")
            {
                scores[i % 4] += 4;
            }

            return (Scores: scores, Label: label);
        }).ToList();
        var calibration = ScoreCalibration.Fit(Labels, rows, "none", ThresholdRule.Auto);
        Assert.True(rows.Average(r => calibration.Predict(r.Scores).Label == r.Label ? 1.0 : 0) > 0.98);

        using var stream = new MemoryStream();
        calibration.Save(stream);
        stream.Position = 0;
        var again = ScoreCalibration.Load(stream);
        Assert.Equal(Labels, again.Labels);
        Assert.All(rows, r => Assert.Equal(calibration.Predict(r.Scores).Alternatives, again.Predict(r.Scores).Alternatives));
    }

    [Fact]
    public void Fit_LabelsOutOfOrder_IsRefused() =>
        Assert.Contains("out of order", Assert.Throws<ArgumentException>(() => ScoreCalibration.Fit(["b", "a"], [], null, ThresholdRule.Auto)).Message, StringComparison.Ordinal);

    [Fact]
    public void Predict_OtherNumberOfScores_IsRefused()
    {
        var calibration = ScoreCalibration.Fit(Labels, [], null, ThresholdRule.Auto);
        Assert.Throws<ArgumentException>(() => calibration.Predict([1, 2]));
        Assert.Throws<ArgumentException>(() => ScoreCalibration.Fit(Labels, [([1f], "billing")], null, ThresholdRule.Auto));
    }

    private static List<(float[] Scores, string Label)> Draw(int count, int seed, float claim)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var scores = Labels.Select(_ => (float)random.NextDouble() * 4).ToArray();
            var weights = scores.Select(s => Math.Exp(s)).ToArray();
            var left = random.NextDouble() * weights.Sum();
            var label = 0;
            while (label < 3 && (left -= weights[label]) > 0)
            {
                label++;
            }

            return (scores.Select(s => s * claim).ToArray(), Labels[label]);
        })];
    }
}
