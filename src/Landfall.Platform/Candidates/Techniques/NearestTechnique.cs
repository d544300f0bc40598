using Landfall.Platform.Briefs;
using Landfall.Platform.Search;
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

    public SearchSpace Space(Brief brief) => new([new NumberSetting("neighbours", 1, 50, IsLog: true, IsWhole: true)]);

    public string? WhyUnfit(Brief brief) => brief.Interaction is Interaction.MultiTurn or Interaction.Agent
        ? "it sees one message only."
        : brief.Output == OutputKind.CitedAnswer ? "it cannot cite its sources." : null;

    // Measured (2,300 rows, 15,100 rows): building the index, and asking it for each row, which takes longer the larger it is.
    // Memory is the whole process's.
    public CostForecast Forecast(long trainRows, long testRows, int labels) =>
        new(TimeSpan.FromSeconds(0.8 + ((trainRows + testRows) * (0.3e-3 + (trainRows * 22e-9)))), (180L << 20) + (trainRows * 6_000));

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
