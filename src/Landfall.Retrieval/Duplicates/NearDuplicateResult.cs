using System.Runtime.InteropServices;

namespace Landfall.Retrieval.Duplicates;

/// <summary>Two texts that nearly say the same.</summary>
/// <param name="First">The smaller index.</param>
/// <param name="Second">The larger index.</param>
/// <param name="Similarity">The Jaccard similarity of their shingles, exact.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NearDuplicatePair(int First, int Second, double Similarity);

/// <summary>Which texts are near duplicates of each other.</summary>
public sealed class NearDuplicateResult
{
    private readonly int[] _representatives;
    private readonly List<NearDuplicatePair> _pairs;

    internal NearDuplicateResult(int[] representatives, List<NearDuplicatePair> pairs)
    {
        _representatives = representatives;
        _pairs = pairs;
        _pairs.Sort(ByIndices);
        var groups = new DisjointSets(representatives.Length);
        foreach (var pair in pairs)
        {
            groups.Join(pair.First, pair.Second);
        }

        Groups = groups.ToList();
        RowsInGroups = Groups.Sum(g => (long)g.Count);
    }

    /// <summary>
    /// The pairs, by their indices. Texts with the very same shingles stand for each other: each such copy is paired with
    /// the first of its kind only, and only the first is paired with other texts.
    /// </summary>
    public IReadOnlyList<NearDuplicatePair> Pairs => _pairs;

    /// <summary>Texts that are connected by pairs, ascending, by their first index. Each has at least two members.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups { get; }

    /// <summary>The number of texts in <see cref="Groups"/>.</summary>
    public long RowsInGroups { get; }

    /// <summary>Whether two texts were found to be near duplicates, copies of either included.</summary>
    public bool AreNear(int first, int second)
    {
        var (a, b) = (_representatives[first], _representatives[second]);
        return a >= 0 && b >= 0
            && (a == b || _pairs.BinarySearch(new NearDuplicatePair(Math.Min(a, b), Math.Max(a, b), 0), Comparer<NearDuplicatePair>.Create(ByIndices)) >= 0);
    }

    private static int ByIndices(NearDuplicatePair a, NearDuplicatePair b) =>
        a.First != b.First ? a.First.CompareTo(b.First) : a.Second.CompareTo(b.Second);
}
