namespace Landfall.Retrieval.Duplicates;

/// <summary>Texts in groups that grow together (union-find). The smallest index stands for its group, whatever the order of the joins.</summary>
internal sealed class TextGroups(int count)
{
    private readonly int[] _roots = [.. Enumerable.Range(0, count)];

    public void Join(int first, int second)
    {
        var (a, b) = (Root(first), Root(second));
        _roots[Math.Max(a, b)] = Math.Min(a, b);
    }

    public int Root(int index)
    {
        while (_roots[index] != index)
        {
            index = _roots[index] = _roots[_roots[index]];
        }

        return index;
    }

    /// <summary>The groups with at least two members, ascending.</summary>
    public IReadOnlyList<IReadOnlyList<int>> ToList() =>
        [.. Enumerable.Range(0, _roots.Length).GroupBy(Root).Where(g => g.Skip(1).Any()).Select(g => (IReadOnlyList<int>)[.. g])];
}
