namespace Landfall.Platform.Datasets;

/// <summary>Things in sets that grow together (union-find). The smallest index stands for its set, whatever the order of the joins.</summary>
internal sealed class DisjointSets(int count)
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
}
