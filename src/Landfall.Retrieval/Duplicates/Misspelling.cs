namespace Landfall.Retrieval.Duplicates;

/// <summary>Whether one word is another with a typing error.</summary>
internal static class Misspelling
{
    private const int Longest = 40;

    /// <summary>
    /// One letter changed, missing, added or swapped with its neighbour (Damerau-Levenshtein, restricted), two in words of
    /// eight letters and more. Words with digits and words of fewer than four letters are what they are.
    /// </summary>
    public static bool Joins(string first, string second)
    {
        var (shorter, longer) = (Math.Min(first.Length, second.Length), Math.Max(first.Length, second.Length));
        var allowed = longer >= 8 ? 2 : longer >= 4 ? 1 : 0;
        return allowed > 0 && longer <= Longest && longer - shorter <= allowed
            && !first.AsSpan().ContainsAnyInRange('0', '9') && !second.AsSpan().ContainsAnyInRange('0', '9')
            && Distance(first, second) <= allowed;
    }

    internal static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> previous = stackalloc int[b.Length + 1];
        Span<int> current = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
                }
            }

            var oldest = before;
            before = previous;
            previous = current;
            current = oldest;
        }

        return previous[b.Length];
    }
}
