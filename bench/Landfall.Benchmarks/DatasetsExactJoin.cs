using Landfall.Retrieval.Duplicates;

namespace Landfall.Benchmarks;

/// <summary>
/// All pairs of sets with at least a Jaccard similarity, exactly, by prefix filtering (Chaudhuri, Ganti, Kaushik, "A
/// primitive operator for similarity joins in data cleaning", 2006; Bayardo, Ma, Srikant, "Scaling up all pairs similarity
/// search", 2007): with the elements of each set ordered from rare to frequent, two sets that are so similar share one
/// among the first |A| - ceil(t |A|) + 1 elements of each.
/// </summary>
internal static class DatasetsExactJoin
{
    public static List<(int First, int Second)> Find(IReadOnlyList<uint[]> sets, double threshold)
    {
        var frequencies = new Dictionary<uint, int>();
        foreach (var element in sets.SelectMany(s => s))
        {
            frequencies[element] = frequencies.GetValueOrDefault(element) + 1;
        }

        var index = new Dictionary<uint, List<int>>();
        var pairs = new List<(int First, int Second)>();
        var lastSeenBy = Enumerable.Repeat(-1, sets.Count).ToArray();
        for (var second = 0; second < sets.Count; second++)
        {
            var set = sets[second];
            var prefix = set.Length - (int)Math.Ceiling((threshold * set.Length) - 1e-9) + 1;
            foreach (var element in set.OrderBy(e => frequencies[e]).ThenBy(e => e).Take(set.Length == 0 ? 0 : prefix))
            {
                if (!index.TryGetValue(element, out var holders))
                {
                    index[element] = holders = [];
                }

                foreach (var first in holders)
                {
                    if (lastSeenBy[first] != second)
                    {
                        lastSeenBy[first] = second;
                        if (Shingles.Jaccard(sets[first], set) >= threshold)
                        {
                            pairs.Add((first, second));
                        }
                    }
                }

                holders.Add(second);
            }
        }

        return pairs;
    }
}
