namespace Landfall.Retrieval.Classification;

/// <summary>How a <see cref="NearestClassifier"/> is built.</summary>
public sealed record NearestOptions
{
    /// <summary>The label of texts that are out of scope; rows of it in train are neighbours like others. Null (default): there is none.</summary>
    public string? OutOfScopeLabel { get; init; }

    /// <summary>When a text is called out of scope; default <see cref="ThresholdRule.Auto"/>. Without meaning where there is no such label.</summary>
    public ThresholdRule Threshold { get; init; } = ThresholdRule.Auto;

    /// <summary>How many neighbours vote, 1 to 100. Null (default): chosen on validation data.</summary>
    public int? Neighbours { get; init; }

    /// <summary>Picks the training rows that stand in where validation data lack something.</summary>
    public int Seed { get; init; }

    internal void Validate(string parameter)
    {
        if (Neighbours is < 1 or > 100)
        {
            throw new ArgumentException($"{nameof(Neighbours)} must be from 1 to 100; found {Neighbours}.", parameter);
        }
    }
}

/// <summary>How neighbours vote: each of the nearest counts its similarity to a power.</summary>
/// <param name="Neighbours">How many vote.</param>
/// <param name="Power">0: each counts one; larger: the nearer count more.</param>
internal sealed record Voting(int Neighbours, int Power)
{
    // What a class without a voting neighbour gets, so that its logarithm is finite.
    private const double Floor = 1e-3;

    /// <summary>A class's score is the logarithm of its neighbours' votes.</summary>
    public ScoredText Score(IReadOnlyList<Neighbour> neighbours, int classes)
    {
        var votes = new double[classes];
        foreach (var neighbour in neighbours.Take(Neighbours))
        {
            votes[neighbour.Class] += Math.Pow(neighbour.Similarity, Power);
        }

        var nearest = neighbours.Count > 0 ? neighbours[0].Similarity : 0;
        return new ScoredText(Array.ConvertAll(votes, vote => (float)Math.Log(Floor + vote)), nearest);
    }
}

/// <summary>A training row found for a text.</summary>
/// <param name="Row">Its place in train.</param>
/// <param name="Class">Its class.</param>
/// <param name="Similarity">0 to 1: BM25 over that of the text with itself.</param>
internal sealed record Neighbour(int Row, int Class, double Similarity);
