using Landfall.Platform.Briefs;
using Landfall.Retrieval.Classification;

namespace Landfall.Platform.Candidates.Techniques;

/// <summary><c>nearest</c>: the answer of the training rows that are most alike, by BM25 over words and character n-grams.</summary>
internal sealed class NearestTechnique : ITechnique
{
    public string Name => "nearest";

    public int Rung => 10;

    public int Version => 1;

    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["threshold"] = ClassifierSettings.ThresholdHelp,
        ["neighbours"] = "how many neighbours vote; chosen on validation data by default",
    };

    public string? WhyUnfit(Brief brief) => brief.Interaction is Interaction.MultiTurn or Interaction.Agent
        ? "it sees one message only."
        : brief.Output == OutputKind.CitedAnswer ? "it cannot cite its sources." : null;

    // Measured: building the index and leaving each row out in turn, about 0.4 ms a row per 15,000 rows of train.
    public CostForecast Forecast(long trainRows, long testRows, int labels) =>
        new(TimeSpan.FromSeconds(0.3 + ((trainRows + testRows) * (0.1e-3 + (trainRows * 25e-9)))), (100L << 20) + (trainRows * 4_000));

    public Task<TrainedCandidate> TrainAsync(TrainingInput input, Stream artifact, IProgress<double> progress, CancellationToken cancellation)
    {
        var options = new NearestOptions
        {
            OutOfScopeLabel = ClassifierSettings.OutOfScopeLabel(input),
            Threshold = ClassifierSettings.Threshold(input.Settings),
            Neighbours = ClassifierSettings.Number(input.Settings, "neighbours") is { } count ? (int)count : null,
            Seed = input.Seed,
        };
        var classifier = ClassifierSettings.Explain(() => NearestClassifier.Train(
            ClassifierSettings.Rows(input.Train), ClassifierSettings.Rows(input.Validation), options, progress, cancellation));
        classifier.Save(artifact);
        return Task.FromResult(new TrainedCandidate(classifier.TrainedParameters, CostUsd: 0, classifier.Notes));
    }

    public IPredictor Load(Stream artifact)
    {
        var classifier = NearestClassifier.Load(artifact);
        return new ClassifierPredictor(classifier.Predict);
    }
}
