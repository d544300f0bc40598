using Landfall.Protocol.Prompts;

namespace Landfall.Platform.Prompts;

/// <summary>The difference of two texts by lines: the longest common subsequence, after what both begin and end with.</summary>
internal static class LineDiff
{
    /// <summary>Beyond this many pairs of lines the middle is shown as replaced: prompts are not that long.</summary>
    private const long MostPairs = 4_000_000;

    public static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        string[] a = before.ReplaceLineEndings("\n").Split('\n'), b = after.ReplaceLineEndings("\n").Split('\n');
        var head = 0;
        while (head < a.Length && head < b.Length && a[head] == b[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < a.Length - head && tail < b.Length - head && a[^(tail + 1)] == b[^(tail + 1)])
        {
            tail++;
        }

        return
        [
            .. a.Take(head).Select(line => new DiffLine(LineChange.Same, line)),
            .. Middle(a[head..^tail], b[head..^tail]),
            .. a.TakeLast(tail).Select(line => new DiffLine(LineChange.Same, line)),
        ];
    }

    private static IEnumerable<DiffLine> Middle(string[] a, string[] b)
    {
        if ((long)a.Length * b.Length > MostPairs)
        {
            return [.. a.Select(line => new DiffLine(LineChange.Removed, line)), .. b.Select(line => new DiffLine(LineChange.Added, line))];
        }

        // common[i, j]: lines in common of what follows a[i] and b[j].
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Walk(a, b, common);
    }

    private static IEnumerable<DiffLine> Walk(string[] a, string[] b, int[,] common)
    {
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                yield return new DiffLine(LineChange.Same, a[i++]);
                j++;
            }
            else if (j == b.Length || (i < a.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return new DiffLine(LineChange.Removed, a[i++]);
            }
            else
            {
                yield return new DiffLine(LineChange.Added, b[j++]);
            }
        }
    }
}
