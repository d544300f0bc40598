using System.Runtime.InteropServices;
using Landfall.Retrieval.Artifacts;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Classification;

/// <summary>One kind of token with its share of a text's vector.</summary>
/// <param name="Analyzer">Cuts the text.</param>
/// <param name="Weight">The length that this view's part of the vector is given.</param>
internal sealed record FeatureView(ITextAnalyzer Analyzer, float Weight);

/// <summary>
/// Turns texts into sparse vectors: tokens are hashed to 32 bits (Weinberger et al. 2009, without a sign, because only
/// buckets that the training data use are kept and these hardly ever collide), weighted (1 + ln tf) * idf, and each view is
/// scaled to its weight. A token unseen in training has no column.
/// </summary>
internal sealed class FeatureSpace
{
    private readonly IReadOnlyList<FeatureView> _views;
    private readonly Dictionary<uint, int> _columns;
    private readonly float _rarest;

    public FeatureSpace(IReadOnlyList<FeatureView> views, uint[] buckets, float[] idf)
    {
        _views = views;
        Buckets = buckets;
        Idf = idf;
        _rarest = idf.Length > 0 ? idf.Max() : 1;
        _columns = new Dictionary<uint, int>(buckets.Length);
        for (var i = 0; i < buckets.Length; i++)
        {
            _columns.Add(buckets[i], i);
        }
    }

    /// <summary>The hashes in use, rising. A bucket's place is its column.</summary>
    public uint[] Buckets { get; }

    /// <summary>Each column's inverse document frequency.</summary>
    public float[] Idf { get; }

    public int Columns => Buckets.Length;

    /// <summary>
    /// Collects the buckets of the texts that at least <paramref name="minTexts"/> texts have; when they are more than
    /// <paramref name="maxColumns"/>, the rarest are left out.
    /// </summary>
    public static FeatureSpace Build(IReadOnlyList<FeatureView> views, IReadOnlyList<string> texts, int minTexts, int maxColumns, CancellationToken cancellation)
    {
        var hashed = new uint[texts.Count][];
        Parallel.For(0, texts.Count, new ParallelOptions { CancellationToken = cancellation }, i => hashed[i] = [.. Count(views, texts[i]).SelectMany(view => view.Keys)]);
        var frequencies = new Dictionary<uint, int>();
        foreach (var bucket in hashed.SelectMany(row => row))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(frequencies, bucket, out _)++;
        }

        var kept = frequencies
            .Where(pair => pair.Value >= minTexts)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key)
            .Take(maxColumns)
            .OrderBy(pair => pair.Key)
            .ToArray();
        var idf = kept.Select(pair => (float)(Math.Log((1.0 + texts.Count) / (1.0 + pair.Value)) + 1)).ToArray();
        return new FeatureSpace(views, [.. kept.Select(pair => pair.Key)], idf);
    }

    /// <summary>The text's vector.</summary>
    /// <param name="text">Any text; one without a known token gives an empty vector.</param>
    /// <param name="familiarity">The known tokens' share of the text, by inverse document frequency: 0 to 1.</param>
    public SparseVector Transform(string text, out float familiarity)
    {
        var entries = new List<(int Column, float Value)>();
        var counted = Count(_views, text);
        var (known, unknown) = (0.0, 0.0);
        for (var view = 0; view < counted.Length; view++)
        {
            var first = entries.Count;
            var squares = 0.0;
            foreach (var (bucket, count) in counted[view])
            {
                if (!_columns.TryGetValue(bucket, out var column))
                {
                    unknown += _views[view].Weight * _rarest;
                    continue;
                }

                var value = (1 + Math.Log(count)) * Idf[column];
                known += _views[view].Weight * Idf[column];
                squares += value * value;
                entries.Add((column, (float)value));
            }

            var scale = squares > 0 ? (float)(_views[view].Weight / Math.Sqrt(squares)) : 0;
            foreach (ref var entry in CollectionsMarshal.AsSpan(entries)[first..])
            {
                entry.Value *= scale;
            }
        }

        familiarity = known > 0 ? (float)(known / (known + unknown)) : 0;
        entries.Sort((a, b) => a.Column.CompareTo(b.Column));
        return new SparseVector([.. entries.Select(entry => entry.Column)], [.. entries.Select(entry => entry.Value)]);
    }

    /// <summary>The vectors of many texts.</summary>
    public SparseRows Transform(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var rows = new SparseVector[texts.Count];
        Parallel.For(0, texts.Count, new ParallelOptions { CancellationToken = cancellation }, i => rows[i] = Transform(texts[i], out _));
        return new SparseRows(rows, Columns);
    }

    public void Write(ArtifactWriter writer)
    {
        writer.WriteStrings([.. _views.Select(view => view.Analyzer.Name)]);
        writer.WriteCount(Columns);
        var previous = 0u;
        for (var column = 0; column < Columns; column++)
        {
            writer.WriteUInt32(Buckets[column] - previous);
            writer.WriteSingle(Idf[column]);
            previous = Buckets[column];
        }
    }

    public static FeatureSpace Read(ArtifactReader reader, IReadOnlyList<FeatureView> views)
    {
        var names = reader.ReadStrings();
        if (!names.SequenceEqual(views.Select(view => view.Analyzer.Name)))
        {
            throw reader.Damaged($"features of '{string.Join(", ", names)}', which this program does not make");
        }

        var buckets = new uint[reader.ReadCount(bytesEach: 5)];
        var idf = new float[buckets.Length];
        var previous = 0UL;
        for (var column = 0; column < buckets.Length; column++)
        {
            var bucket = previous + reader.ReadUInt32();
            if (bucket > uint.MaxValue || (column > 0 && bucket == previous))
            {
                throw reader.Damaged("feature buckets out of order");
            }

            buckets[column] = (uint)bucket;
            previous = bucket;
            idf[column] = reader.ReadSingle();
            if (idf[column] is < 0 or > 1000)
            {
                throw reader.Damaged($"an inverse document frequency of {idf[column]}");
            }
        }

        return new FeatureSpace(views, buckets, idf);
    }

    private static Dictionary<uint, int>[] Count(IReadOnlyList<FeatureView> views, string text)
    {
        var counted = new Dictionary<uint, int>[views.Count];
        for (var view = 0; view < views.Count; view++)
        {
            var counts = counted[view] = [];
            var seed = (ulong)view + 1;
            views[view].Analyzer.Analyze(text, token =>
                CollectionsMarshal.GetValueRefOrAddDefault(counts, TokenHash.Of(token, seed), out _)++);
        }

        return counted;
    }
}

/// <summary>A hash of a token that is the same in every process (string.GetHashCode is not).</summary>
internal static class TokenHash
{
    /// <summary>FNV-1a over UTF-16 units, with the finaliser of MurmurHash3, because FNV's upper bits mix badly on short input.</summary>
    public static uint Of(ReadOnlySpan<char> token, ulong seed)
    {
        var hash = 14695981039346656037UL ^ (seed * 0x9E3779B97F4A7C15UL);
        foreach (var c in token)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return (uint)(hash >> 32);
    }
}
