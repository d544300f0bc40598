namespace Landfall.Retrieval.Duplicates;

/// <summary>Near duplicates in a list of texts.</summary>
public static class NearDuplicates
{
    /// <summary>Finds texts whose shingles are nearly the same; see <see cref="MinHashIndex"/> for how, and what may be missed.</summary>
    /// <param name="texts">In any script; see <see cref="Shingles"/>.</param>
    /// <param name="threshold">The Jaccard similarity from which on texts are near duplicates; above 0, at most 1.</param>
    /// <param name="shingleWidth">Words (or characters) in a shingle.</param>
    /// <param name="maxDegreeOfParallelism">Threads; -1: as many as there are cores.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static NearDuplicateResult Find(
        IReadOnlyList<string> texts,
        double threshold = 0.8,
        int shingleWidth = Shingles.DefaultWidth,
        int maxDegreeOfParallelism = -1,
        CancellationToken cancellation = default)
    {
        var index = new MinHashIndex(threshold, shingleWidth);
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            index.Add(text);
        }

        return index.Find(maxDegreeOfParallelism, cancellation);
    }
}
