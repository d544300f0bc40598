using Landfall.Platform.Datasets;
using Landfall.Retrieval.Bm25;
using Landfall.Retrieval.Text;

namespace Landfall.Platform.Briefs;

/// <summary>What costs nothing already reaches on test rows: the floor under every target.</summary>
/// <param name="Majority">The most frequent label in train.</param>
/// <param name="MajorityShare">The share of test rows that it answers right.</param>
/// <param name="NearestShare">The share that the labels of the five nearest train rows answer right.</param>
/// <param name="Rows">The test rows looked at.</param>
internal sealed record DraftBaseline(string Majority, double MajorityShare, double NearestShare, int Rows)
{
    /// <summary>So many train rows are indexed at most.</summary>
    public const int MostTrain = 4_000;

    /// <summary>So many test rows are asked at most.</summary>
    public const int MostTest = 400;

    private const int Neighbours = 5;

    /// <summary>Measures, or null where a side is empty.</summary>
    public static DraftBaseline? Measure(IReadOnlyList<Row> train, IReadOnlyList<Row> test)
    {
        if (train.Count == 0 || test.Count == 0)
        {
            return null;
        }

        var majority = train.GroupBy(r => r.Expected, StringComparer.Ordinal).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
        var index = Bm25Index.Build([.. train.Select(r => Shortened(r.Text))], new CharacterNgramAnalyzer(2, 4));
        var right = test.Count(r => Vote(index.Search(Shortened(r.Text), Neighbours), train, majority) == r.Expected);
        return new DraftBaseline(majority, (double)test.Count(r => r.Expected == majority) / test.Count, (double)right / test.Count, test.Count);
    }

    private static string Vote(IReadOnlyList<Bm25Hit> hits, IReadOnlyList<Row> train, string majority) =>
        hits.GroupBy(h => train[h.Document].Expected, StringComparer.Ordinal).OrderByDescending(g => g.Sum(h => h.Score)).ThenBy(g => g.Key, StringComparer.Ordinal).FirstOrDefault()?.Key ?? majority;

    private static string Shortened(string text) => text.Length <= 1_000 ? text : text[..1_000];
}
