namespace Landfall.Platform.Briefs;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    /// <summary>Longer words are no misspelling of ours, and comparing them would cost.</summary>
    private const int LongestWord = 48;

    /// <summary>The candidate nearest to a word by edits (insert, delete, replace, swap neighbours), or null when none is near.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        var folded = Fold(word);
        return candidates
            .Select(candidate => (Name: candidate, Distance: Distance(folded, Fold(candidate))))
            .Where(c => c.Distance <= Math.Max(1, Math.Min(folded.Length, c.Name.Length) / 3))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => c.Name)
            .FirstOrDefault();
    }

    /// <summary>" Did you mean 'x'?", or "".</summary>
    public static string Hint(string word, IEnumerable<string> candidates) =>
        Find(word, candidates) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>The optimal string alignment distance.</summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replace, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }

    private static string Fold(string word) => word.ToLowerInvariant().Replace('_', '-').Replace(' ', '-');
}
