namespace Landfall.Retrieval.Duplicates;

/// <summary>Things in sets that grow together (union-find). The smallest index stands for its set, whatever the order of the joins.</summary>
/// <param name="count">So many things; each begins in a set of its own.</param>
public sealed class DisjointSets(int count)
{
    private readonly int[] _roots = [.. Enumerable.Range(0, count)];

    /// <summary>Makes one set of two things' sets.</summary>
    public void Join(int first, int second)
    {
        var (a, b) = (Root(first), Root(second));
        _roots[Math.Max(a, b)] = Math.Min(a, b);
    }

    /// <summary>The thing that stands for a thing's set.</summary>
    public int Root(int index)
    {
        while (_roots[index] != index)
        {
            index = _roots[index] = _roots[_roots[index]];
        }

        return index;
    }

    /// <summary>The sets with at least two members, ascending.</summary>
    public IReadOnlyList<IReadOnlyList<int>> ToList() =>
        [.. Enumerable.Range(0, _roots.Length).GroupBy(Root).Where(g => g.Skip(1).Any()).Select(g => (IReadOnlyList<int>)[.. g])];
}
