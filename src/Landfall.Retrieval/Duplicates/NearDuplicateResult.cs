namespace Landfall.Retrieval.Duplicates;

/// <summary>Two texts that nearly say the same.</summary>
/// <param name="First">The smaller index.</param>
/// <param name="Second">The larger index.</param>
/// <param name="Similarity">The Jaccard similarity of their shingles, exact.</param>
public sealed record NearDuplicatePair(int First, int Second, double Similarity);

/// <summary>Which texts are near duplicates of each other.</summary>
public sealed class NearDuplicateResult
{
    private readonly int[] _representatives;
    private readonly HashSet<(int First, int Second)> _near;

    internal NearDuplicateResult(int[] representatives, IReadOnlyList<NearDuplicatePair> pairs)
    {
        _representatives = representatives;
        Pairs = pairs;
        _near = [.. pairs.Select(p => (p.First, p.Second))];
        Groups = GroupsOf(representatives.Length, pairs);
        RowsInGroups = Groups.Sum(g => (long)g.Count);
    }

    /// <summary>
    /// The pairs, by their indices. Texts with the very same shingles stand for each other: each such copy is paired with
    /// the first of its kind only, and only the first is paired with other texts.
    /// </summary>
    public IReadOnlyList<NearDuplicatePair> Pairs { get; }

    /// <summary>Texts that are connected by pairs, ascending, by their first index. Each has at least two members.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups { get; }

    /// <summary>The number of texts in <see cref="Groups"/>.</summary>
    public long RowsInGroups { get; }

    /// <summary>Whether two texts were found to be near duplicates, copies of either included.</summary>
    public bool AreNear(int first, int second)
    {
        var (a, b) = (_representatives[first], _representatives[second]);
        return a >= 0 && (a == b || _near.Contains((Math.Min(a, b), Math.Max(a, b))));
    }

    private static List<IReadOnlyList<int>> GroupsOf(int count, IReadOnlyList<NearDuplicatePair> pairs)
    {
        var roots = Enumerable.Range(0, count).ToArray();
        foreach (var pair in pairs)
        {
            var (a, b) = (Root(roots, pair.First), Root(roots, pair.Second));

            // The smallest index is the root, whatever the order of the pairs.
            roots[Math.Max(a, b)] = Math.Min(a, b);
        }

        return [.. Enumerable.Range(0, count).GroupBy(i => Root(roots, i)).Where(g => g.Skip(1).Any()).Select(g => (IReadOnlyList<int>)[.. g])];
    }

    private static int Root(int[] roots, int index)
    {
        while (roots[index] != index)
        {
            index = roots[index] = roots[roots[index]];
        }

        return index;
    }
}
