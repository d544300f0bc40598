using System.Buffers;
using System.Runtime.InteropServices;
using Landfall.Retrieval.Artifacts;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Bm25;

/// <summary>
/// An inverted index in memory, ranked by BM25 (Robertson and Zaragoza 2009):
/// sum over query terms of qtf * ln(1 + (N - n + 0.5) / (n + 0.5)) * tf (k1 + 1) / (tf + k1 (1 - b + b length / average)).
/// The "1 +" inside the logarithm keeps terms that most documents have from counting against them. Unchanging once built;
/// safe for concurrent searches.
/// </summary>
public sealed class Bm25Index
{
    private const string Kind = "LFBM";
    private const ushort Version = 1;
    private readonly ITextAnalyzer _analyzer;
    private readonly string[] _terms;
    private readonly Dictionary<string, int> _termIds;
    private readonly Posting[][] _postings;
    private readonly int[] _lengths;
    private readonly double[] _idf;
    private readonly double[] _lengthFactors;

    private Bm25Index(ITextAnalyzer analyzer, Bm25Options options, string[] terms, Posting[][] postings, int[] lengths)
    {
        _analyzer = analyzer;
        Options = options;
        _terms = terms;
        _postings = postings;
        _lengths = lengths;
        _termIds = new Dictionary<string, int>(terms.Length, StringComparer.Ordinal);
        _idf = new double[terms.Length];
        for (var term = 0; term < terms.Length; term++)
        {
            _termIds.Add(terms[term], term);
            var containing = postings[term].Length;
            _idf[term] = Math.Log(1 + ((lengths.Length - containing + 0.5) / (containing + 0.5)));
        }

        var average = Math.Max(1, lengths.Sum(length => (long)length) / (double)Math.Max(1, lengths.Length));
        _lengthFactors = [.. lengths.Select(length => options.K1 * (1 - options.B + (options.B * length / average)))];
    }

    /// <summary>The parameters.</summary>
    public Bm25Options Options { get; }

    /// <summary>How many documents it holds.</summary>
    public int Count => _lengths.Length;

    /// <summary>How many distinct terms they have.</summary>
    public int TermCount => _terms.Length;

    /// <summary>Indexes the documents; document i is the i-th of the list.</summary>
    public static Bm25Index Build(IReadOnlyList<string> documents, ITextAnalyzer analyzer, Bm25Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(analyzer);
        options ??= Bm25Options.Default;
        options.Validate(nameof(options));
        var postings = new Dictionary<string, List<Posting>>(StringComparer.Ordinal);
        var lookup = postings.GetAlternateLookup<ReadOnlySpan<char>>();
        var lengths = new int[documents.Count];
        for (var document = 0; document < documents.Count; document++)
        {
            var number = document;
            analyzer.Analyze(documents[document], token =>
            {
                ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, token, out _);
                list ??= [];
                lengths[number]++;
                if (list.Count > 0 && list[^1].Document == number)
                {
                    list[^1] = new Posting(number, list[^1].Frequency + 1);
                }
                else
                {
                    list.Add(new Posting(number, 1));
                }
            });
        }

        var terms = postings.Keys.Order(StringComparer.Ordinal).ToArray();
        return new Bm25Index(analyzer, options, terms, [.. terms.Select(term => postings[term].ToArray())], lengths);
    }

    /// <summary>The best documents, best first; equal scores in the documents' order. Documents that share no term are left out.</summary>
    /// <param name="query">Any text; terms that occur twice count twice.</param>
    /// <param name="top">How many at most, at least 1.</param>
    public IReadOnlyList<Bm25Hit> Search(string query, int top)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var scores = ArrayPool<double>.Shared.Rent(Math.Max(1, Count));
        try
        {
            var all = scores.AsSpan(0, Count);
            all.Clear();
            Score(query, 1, all);
            return Best(all, top);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    /// <summary>Adds <paramref name="weight"/> times the BM25 of every document to <paramref name="scores"/> (one place per document).</summary>
    internal void Score(string query, double weight, Span<double> scores)
    {
        foreach (var (term, count) in QueryTerms(query))
        {
            var factor = weight * count * _idf[term] * (Options.K1 + 1);
            foreach (var posting in _postings[term])
            {
                scores[posting.Document] += factor * posting.Frequency / (posting.Frequency + _lengthFactors[posting.Document]);
            }
        }
    }

    /// <summary>
    /// About the score that the query would have as a document of average length; terms that the index lacks count as the
    /// rarest. Scores divided by it can be compared between queries.
    /// </summary>
    internal double SelfScore(string query)
    {
        var unseen = Math.Log(1 + ((Count + 0.5) / 0.5));
        var sum = 0.0;
        _analyzer.Analyze(query, token => sum += _termIds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var term) ? _idf[term] : unseen);
        return sum;
    }

    /// <summary>Writes the index, its analyser's name and its parameters.</summary>
    public void Save(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var writer = new ArtifactWriter();
        Write(writer);
        writer.Seal(output, Kind, Version);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="input">Read up to the index's end.</param>
    /// <param name="analyzer">The analyser that it was built with.</param>
    /// <exception cref="InvalidDataException">Not an index, damaged, or built with another analyser.</exception>
    public static Bm25Index Load(Stream input, ITextAnalyzer analyzer)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(analyzer);
        var reader = ArtifactReader.Open(input, Kind, Version);
        var index = Read(reader, analyzer);
        reader.End();
        return index;
    }

    internal void Write(ArtifactWriter writer)
    {
        writer.WriteString(_analyzer.Name);
        writer.WriteDouble(Options.K1);
        writer.WriteDouble(Options.B);
        writer.WriteCount(_lengths.Length);
        foreach (var length in _lengths)
        {
            writer.WriteCount(length);
        }

        writer.WriteCount(_terms.Length);
        for (var term = 0; term < _terms.Length; term++)
        {
            writer.WriteString(_terms[term]);
            writer.WriteCount(_postings[term].Length);
            var previous = -1;
            foreach (var posting in _postings[term])
            {
                writer.WriteCount(posting.Document - previous);
                writer.WriteCount(posting.Frequency);
                previous = posting.Document;
            }
        }
    }

    internal static Bm25Index Read(ArtifactReader reader, ITextAnalyzer analyzer)
    {
        var name = reader.ReadString();
        if (!string.Equals(name, analyzer.Name, StringComparison.Ordinal))
        {
            throw reader.Damaged($"the index was built with the analyser '{name}' and is read with '{analyzer.Name}'");
        }

        var options = new Bm25Options(reader.ReadDouble(), reader.ReadDouble());
        if (!options.IsValid)
        {
            throw reader.Damaged($"k1 {options.K1} and b {options.B}");
        }

        var lengths = new int[reader.ReadCount(bytesEach: 1)];
        for (var document = 0; document < lengths.Length; document++)
        {
            lengths[document] = reader.ReadNumber(int.MaxValue);
        }

        var terms = new string[reader.ReadCount(bytesEach: 4)];
        var postings = new Posting[terms.Length][];
        for (var term = 0; term < terms.Length; term++)
        {
            terms[term] = reader.ReadString();
            if (term > 0 && string.CompareOrdinal(terms[term - 1], terms[term]) >= 0)
            {
                throw reader.Damaged("terms out of order");
            }

            postings[term] = ReadPostings(reader, lengths.Length);
        }

        return new Bm25Index(analyzer, options, terms, postings, lengths);
    }

    private static Posting[] ReadPostings(ArtifactReader reader, int documents)
    {
        var postings = new Posting[reader.ReadCount(bytesEach: 2)];
        var previous = -1;
        for (var i = 0; i < postings.Length; i++)
        {
            var step = reader.ReadNumber(documents - 1 - previous);
            var frequency = reader.ReadNumber(int.MaxValue);
            if (step == 0 || frequency == 0)
            {
                throw reader.Damaged("a posting without a document or a count");
            }

            previous += step;
            postings[i] = new Posting(previous, frequency);
        }

        return postings;
    }

    /// <summary>The documents of the highest scores above 0, best first, ties in the documents' order.</summary>
    internal static List<Bm25Hit> Best(ReadOnlySpan<double> scores, int top)
    {
        // The heap's least is the worst hit kept: a lower score, or the same score and a later document.
        var heap = new PriorityQueue<int, (double Score, int Order)>();
        for (var document = 0; document < scores.Length; document++)
        {
            if (scores[document] <= 0)
            {
                continue;
            }

            if (heap.Count < top)
            {
                heap.Enqueue(document, (scores[document], -document));
            }
            else if (heap.TryPeek(out _, out var worst) && scores[document] > worst.Score)
            {
                heap.DequeueEnqueue(document, (scores[document], -document));
            }
        }

        var hits = new List<Bm25Hit>(heap.Count);
        while (heap.TryDequeue(out var document, out var priority))
        {
            hits.Add(new Bm25Hit(document, priority.Score));
        }

        hits.Reverse();
        return hits;
    }

    // In the terms' order, so that sums are the same however the text orders its words.
    private SortedDictionary<int, int> QueryTerms(string query)
    {
        var terms = new SortedDictionary<int, int>();
        _analyzer.Analyze(query, token =>
        {
            if (_termIds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var term))
            {
                terms[term] = terms.GetValueOrDefault(term) + 1;
            }
        });
        return terms;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Posting(int Document, int Frequency);
}
