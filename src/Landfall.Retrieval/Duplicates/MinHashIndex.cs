using System.Runtime.InteropServices;

namespace Landfall.Retrieval.Duplicates;

/// <summary>
/// Finds near duplicates among many texts without comparing all pairs: MinHash signatures (Broder 1997) are cut into bands
/// (locality-sensitive hashing; Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4); texts that agree
/// in a whole band are candidates, and each candidate pair is verified by the exact Jaccard similarity of its shingles.
/// What is reported is therefore always true; what is missed is chosen by the bands to be at most 1% of the pairs at the
/// threshold, and less above it. Where more than 1,000 different texts agree in a band (one template, filled in), each is
/// compared with 128 of them only: their group is whole, but not all of its pairs are listed. The result depends on the
/// texts and their order only.
/// </summary>
/// <remarks>Not safe for use by several threads.</remarks>
public sealed class MinHashIndex
{
    /// <summary>In a bucket with more texts than this, each is compared with <see cref="LargeBucketComparisons"/> before it: the work stays linear.</summary>
    private const int LargeBucket = 1_000;

    private const int LargeBucketComparisons = 128;

    private readonly double _threshold;
    private readonly int _width;
    private readonly int _bands;
    private readonly int _rows;
    private readonly List<uint[]> _sets = [];

    /// <summary>An empty index.</summary>
    /// <param name="threshold">The Jaccard similarity from which on texts are near duplicates; above 0, at most 1.</param>
    /// <param name="shingleWidth">Words (or characters, see <see cref="Duplicates.Shingles"/>) in a shingle.</param>
    public MinHashIndex(double threshold = 0.8, int shingleWidth = Duplicates.Shingles.DefaultWidth)
    {
        if (threshold is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is above 0 and at most 1.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(shingleWidth, 1);
        _threshold = threshold;
        _width = shingleWidth;
        (_bands, _rows) = ChooseBands(threshold);
    }

    /// <summary>Texts so far.</summary>
    public int Count => _sets.Count;

    /// <summary>Distinct shingles of all texts so far, each 4 bytes.</summary>
    public long Shingles { get; private set; }

    /// <summary>Adds a text; its index is the number of texts before it.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        var set = Duplicates.Shingles.Of(text, _width);
        _sets.Add(set);
        Shingles += set.Length;
    }

    /// <summary>Finds all near duplicates among the texts.</summary>
    /// <param name="maxDegreeOfParallelism">Threads; -1: as many as there are cores.</param>
    /// <param name="cancellation">Ends the search.</param>
    public NearDuplicateResult Find(int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
    {
        var representatives = new int[_sets.Count];
        var distinct = CollapseCopies(representatives);
        var options = new ParallelOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism, CancellationToken = cancellation };
        var keys = BandKeys(distinct, options);
        var found = new List<NearDuplicatePair>[_bands];
        Parallel.For(0, _bands, options, band => found[band] = FindInBand(band, keys, distinct, cancellation));

        var pairs = found.SelectMany(p => p).ToList();
        for (var i = 0; i < representatives.Length; i++)
        {
            if (representatives[i] >= 0 && representatives[i] != i)
            {
                pairs.Add(new NearDuplicatePair(representatives[i], i, 1));
            }
        }

        return new NearDuplicateResult(representatives, pairs);
    }

    /// <summary>
    /// Finds the groups only, on one thread. Pairs within a group that is known already are not compared, and none is kept,
    /// so that the memory stays proportional to the texts, however alike they are.
    /// </summary>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>Each group's indices, ascending; at least two.</returns>
    public IReadOnlyList<IReadOnlyList<int>> FindGroups(CancellationToken cancellation = default)
    {
        var representatives = new int[_sets.Count];
        var distinct = CollapseCopies(representatives);
        var keys = BandKeys(distinct, new ParallelOptions { MaxDegreeOfParallelism = 1, CancellationToken = cancellation });
        var groups = new DisjointSets(_sets.Count);
        for (var i = 0; i < representatives.Length; i++)
        {
            groups.Join(i, representatives[i] < 0 ? i : representatives[i]);
        }

        for (var band = 0; band < _bands; band++)
        {
            ForEachCandidate(keys[band], cancellation, (i, j) =>
            {
                var (first, second) = (distinct[i], distinct[j]);
                if (groups.Root(first) != groups.Root(second) && SimilarityIfNear(first, second) is not null)
                {
                    groups.Join(first, second);
                }
            });
        }

        return groups.ToList();
    }

    /// <summary>
    /// The narrowest filter that still finds 99% of the pairs at the threshold: with b bands of r places a pair of
    /// similarity s is found with probability 1 - (1 - s^r)^b.
    /// </summary>
    internal static (int Bands, int Rows) ChooseBands(double threshold)
    {
        for (var rows = 32; rows > 1; rows--)
        {
            var bands = MinHashSignature.Length / rows;
            if (1 - Math.Pow(1 - Math.Pow(threshold, rows), bands) >= 0.99)
            {
                return (bands, rows);
            }
        }

        return (MinHashSignature.Length, 1);
    }

    /// <summary>Fills in, for each text, the first with the same shingles (-1: it has none); returns these first ones.</summary>
    private int[] CollapseCopies(int[] representatives)
    {
        var firsts = new Dictionary<uint[], int>(_sets.Count, SetComparer.Instance);
        var distinct = new List<int>();
        for (var i = 0; i < representatives.Length; i++)
        {
            if (_sets[i].Length == 0)
            {
                representatives[i] = -1;
                continue;
            }

            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(firsts, _sets[i], out var exists);
            if (!exists)
            {
                first = i;
                distinct.Add(i);
            }

            representatives[i] = first;
        }

        return [.. distinct];
    }

    /// <summary>For each band, the hash of each distinct set's places in it: <c>[band][set]</c>.</summary>
    private uint[][] BandKeys(int[] distinct, ParallelOptions options)
    {
        var keys = new uint[_bands][];
        for (var band = 0; band < _bands; band++)
        {
            keys[band] = new uint[distinct.Length];
        }

        const int block = 1024;
        Parallel.For(0, (distinct.Length + block - 1) / block, options, part =>
        {
            Span<uint> signature = stackalloc uint[MinHashSignature.Length];
            for (var i = part * block; i < Math.Min(distinct.Length, (part + 1) * block); i++)
            {
                MinHashSignature.Compute(_sets[distinct[i]], signature);
                for (var band = 0; band < _bands; band++)
                {
                    keys[band][i] = KeyOf(signature.Slice(band * _rows, _rows));
                }
            }
        });
        return keys;
    }

    private static uint KeyOf(ReadOnlySpan<uint> places)
    {
        var key = 0UL;
        foreach (var place in places)
        {
            key = (key ^ place) * 0x9E3779B97F4A7C15;
            key ^= key >> 32;
        }

        return (uint)key;
    }

    private List<NearDuplicatePair> FindInBand(int band, uint[][] keys, int[] distinct, CancellationToken cancellation)
    {
        var pairs = new List<NearDuplicatePair>();
        ForEachCandidate((uint[])keys[band].Clone(), cancellation, (i, j) =>
        {
            var (first, second) = (distinct[i], distinct[j]);
            if (!AgreeBefore(band, keys, i, j) && SimilarityIfNear(first, second) is { } similarity)
            {
                pairs.Add(new NearDuplicatePair(first, second, similarity));
            }
        });
        return pairs;
    }

    /// <summary>Visits pairs of sets with one key, the smaller position first. Sorts the keys.</summary>
    private static void ForEachCandidate(uint[] sorted, CancellationToken cancellation, Action<int, int> visit)
    {
        var order = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, order);
        var start = 0;
        while (start < sorted.Length)
        {
            var end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                cancellation.ThrowIfCancellationRequested();
                Array.Sort(order, start, end - start);
                var comparisons = end - start > LargeBucket ? LargeBucketComparisons : LargeBucket;
                for (var j = start + 1; j < end; j++)
                {
                    for (var i = Math.Max(start, j - comparisons); i < j; i++)
                    {
                        visit(order[i], order[j]);
                    }
                }
            }

            start = end;
        }
    }

    private double? SimilarityIfNear(int first, int second)
    {
        var (a, b) = (_sets[first], _sets[second]);

        // The similarity is at most the ratio of the sizes.
        if (Math.Min(a.Length, b.Length) < (_threshold * Math.Max(a.Length, b.Length)) - 1e-9)
        {
            return null;
        }

        var similarity = Duplicates.Shingles.Jaccard(a, b);
        return similarity >= _threshold ? similarity : null;
    }

    /// <summary>Whether an earlier band has compared the pair.</summary>
    private static bool AgreeBefore(int band, uint[][] keys, int first, int second)
    {
        for (var b = 0; b < band; b++)
        {
            if (keys[b][first] == keys[b][second])
            {
                return true;
            }
        }

        return false;
    }

    private sealed class SetComparer : IEqualityComparer<uint[]>
    {
        public static SetComparer Instance { get; } = new();

        public bool Equals(uint[]? x, uint[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(uint[] set)
        {
            var hash = (ulong)set.Length;
            foreach (var shingle in set)
            {
                hash = (hash ^ shingle) * 0x9E3779B97F4A7C15;
            }

            return (int)(hash >> 32) ^ (int)hash;
        }
    }
}
