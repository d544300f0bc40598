using Landfall.Retrieval.Artifacts;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Classification;

/// <summary>Features and weights, before calibration.</summary>
internal sealed class LinearModel(FeatureSpace space, QuantizedWeights weights)
{
    // Chosen on CLINC150's validation split: pairs of words add what bigrams miss in free word order, and at full weight
    // drown the rest.
    private static readonly FeatureView[] Views =
    [
        new(new WordAnalyzer(maxWords: 2), 1),
        new(new CharacterNgramAnalyzer(1, 4), 1),
        new(new WordPairAnalyzer(window: 20), 0.5f),
    ];

    // With many rows a feature that only one of them has is mostly noise; with few it is what there is.
    private const int ManyRows = 5000;

    public long Parameters => weights.Count;

    public static FeatureSpace Features(IReadOnlyList<string> texts, int maxFeatures, CancellationToken cancellation) =>
        FeatureSpace.Build(Views, texts, texts.Count > ManyRows ? 2 : 1, maxFeatures, cancellation);

    /// <summary>Trains one class against the rest, for each class. Classes do not share state, so their order does not matter.</summary>
    public static LinearModel Train(FeatureSpace space, SparseRows rows, int[] classes, int classCount, double cost, int seed, Action onClass, CancellationToken cancellation)
    {
        const double tolerance = 0.1;
        const int maxPasses = 60;
        var solver = new DualCoordinateDescent(rows, tolerance, maxPasses);
        var trained = new QuantizedClass[classCount];
        Parallel.For(0, classCount, new ParallelOptions { CancellationToken = cancellation }, c =>
        {
            var positive = Array.ConvertAll(classes, each => each == c);
            var solution = solver.Solve(positive, cost, cost, unchecked((seed * 31) + c));
            trained[c] = QuantizedClass.Of(solution.AsSpan(0, rows.Columns), solution[^1]);
            onClass();
        });
        return new LinearModel(space, QuantizedWeights.Of(trained, rows.Columns));
    }

    public ScoredText Score(string text)
    {
        var vector = space.Transform(text, out var familiarity);
        return new ScoredText(weights.Score(vector), familiarity);
    }

    public ScoredText[] Score(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var scored = new ScoredText[texts.Count];
        Parallel.For(0, texts.Count, new ParallelOptions { CancellationToken = cancellation }, i => scored[i] = Score(texts[i]));
        return scored;
    }

    public void Write(ArtifactWriter writer)
    {
        space.Write(writer);
        weights.Write(writer);
    }

    public static LinearModel Read(ArtifactReader reader, int classes)
    {
        var space = FeatureSpace.Read(reader, Views);
        return new LinearModel(space, QuantizedWeights.Read(reader, space.Columns, classes));
    }
}
