using Landfall.Platform.Briefs;
using Landfall.Platform.Search;
using Landfall.Retrieval.Classification;

namespace Landfall.Platform.Candidates.Techniques;

/// <summary><c>linear</c>: a linear classifier over hashed word and character n-grams, with calibrated probabilities.</summary>
internal sealed class LinearTechnique : ITechnique
{
    public string Name => "linear";

    public int Rung => 20;

    public int Version => 1;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["threshold"] = ClassifierSettings.ThresholdHelp,
        ["cost"] = "the weight of a training error against the size of the weights; chosen on validation data by default",
    };

    public SearchSpace Space(Brief brief) => new([new NumberSetting("cost", 0.01, 100, IsLog: true)]);

    public string? WhyUnfit(Brief brief) => brief.Output == OutputKind.Label ? null : "it chooses among labels; the output is not a label.";

    // Measured (2,300 rows of 37 labels, 15,100 rows of 151): training time grows with rows times labels, and a few costs
    // are tried. Memory is the whole process's.
    public CostForecast Forecast(long trainRows, long testRows, int labels) =>
        new(TimeSpan.FromSeconds(1.5 + (trainRows * labels * 6e-6) + (testRows * 0.2e-3)), (220L << 20) + (trainRows * 3_000) + (labels * 400_000L));

    public Task<TrainedCandidate> TrainAsync(TrainingInput input, Stream artifact, IProgress<double> progress, CancellationToken cancellation)
    {
        var options = new LinearOptions
        {
            OutOfScopeLabel = ClassifierSettings.OutOfScopeLabel(input),
            Threshold = ClassifierSettings.Threshold(input.Settings),
            Cost = ClassifierSettings.Number(input.Settings, "cost"),
            Seed = input.Seed,
        };
        var classifier = ClassifierSettings.Explain(() => LinearClassifier.Train(
            ClassifierSettings.Rows(input.Train), ClassifierSettings.Rows(input.Validation), options, progress, cancellation));
        classifier.Save(artifact);
        return Task.FromResult(new TrainedCandidate(classifier.TrainedParameters, CostUsd: 0, classifier.Notes));
    }

    public IPredictor Load(Stream artifact)
    {
        var classifier = LinearClassifier.Load(artifact);
        return new ClassifierPredictor(classifier.Predict);
    }
}
