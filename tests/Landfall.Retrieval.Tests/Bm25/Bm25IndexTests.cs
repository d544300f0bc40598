using CsCheck;
using Landfall.Retrieval.Bm25;
using Landfall.Retrieval.Tests.Artifacts;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Tests.Bm25;

public sealed class Bm25IndexTests
{
    private static readonly WordAnalyzer Words = new();

    private static readonly Gen<string[]> Documents = Gen.Int[0, 12].Select(word => $"w{word}").Array[0, 9].Select(words => string.Join(' ', words)).Array[1, 25];

    [Fact]
    public void Search_AnyDocuments_AgreesWithTheFormula() =>
        Gen.Select(Documents, Gen.Int[0, 13].Select(word => $"w{word}").Array[0, 6].Select(words => string.Join(' ', words)), Gen.Double[0, 3], Gen.Double[0, 1], Gen.Int[1, 30])
            .Sample(
                (documents, query, k1, b, top) =>
                {
                    var options = new Bm25Options(k1, b);
                    var expected = ByTheFormula(documents, query, options).Take(top).ToArray();
                    var found = Bm25Index.Build(documents, Words, options).Search(query, top);
                    Assert.Equal(expected.Length, found.Count);
                    for (var i = 0; i < found.Count; i++)
                    {
                        // Equal scores may differ in their last bits between the two sums, and then swap places.
                        Assert.Equal(expected[i].Score, found[i].Score, 1e-9);
                        Assert.Equal(ByTheFormula(documents, query, options).Single(hit => hit.Document == found[i].Document).Score, found[i].Score, 1e-9);
                    }
                },
                iter: 2_000);

    [Fact]
    public void Search_EqualScores_InTheDocumentsOrder()
    {
        var index = Bm25Index.Build(["a b", "c", "a b", "a b"], Words);
        Assert.Equal([0, 2], index.Search("b", 2).Select(hit => hit.Document));
    }

    [Fact]
    public void Search_Chinese_FindsByPairsOfCharacters()
    {
        var index = Bm25Index.Build(["怎么重置路由器密码", "账单金额不对", "密室逃脱"], Words);
        Assert.Equal([0, 2], index.Search("忘记密码了", 3).Select(hit => hit.Document));
    }

    [Fact]
    public void Search_NothingIndexedOrShared_Empty()
    {
        Assert.Empty(Bm25Index.Build([], Words).Search("a", 5));
        Assert.Empty(Bm25Index.Build(["", "b"], Words).Search("a", 5));
    }

    [Fact]
    public void Save_Load_SameHitsAndSameBytes() =>
        Documents.Sample(
            documents =>
            {
                var index = Bm25Index.Build(documents, Words, new Bm25Options(1.2, 0.75));
                var bytes = Bytes(index);
                var loaded = Bm25Index.Load(new MemoryStream(bytes), Words);
                Assert.Equal(bytes, Bytes(loaded));
                Assert.Equal(index.Search("w1 w2 w3", 10), loaded.Search("w1 w2 w3", 10));
            },
            iter: 300);

    [Fact]
    public void Load_OtherAnalyzer_SaysSo()
    {
        var bytes = Bytes(Bm25Index.Build(["a"], Words));
        var exception = Assert.Throws<InvalidDataException>(() => Bm25Index.Load(new MemoryStream(bytes), new WordAnalyzer(2)));
        Assert.Contains("words-1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedBytes_InvalidData() =>
        Damage.Fuzz(Bytes(Bm25Index.Build(["a b c", "b c d 你好", "e"], Words)), stream => Bm25Index.Load(stream, Words).Search("b", 3));

    [Fact]
    public void Build_OptionsOutOfRange_Throws() =>
        Assert.Throws<ArgumentException>(() => Bm25Index.Build(["a"], Words, new Bm25Options(K1: -1)));

    private static byte[] Bytes(Bm25Index index)
    {
        using var stream = new MemoryStream();
        index.Save(stream);
        return stream.ToArray();
    }

    private static IEnumerable<Bm25Hit> ByTheFormula(string[] documents, string query, Bm25Options options)
    {
        var tokens = documents.Select(document => document.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var average = Math.Max(1, tokens.Average(document => document.Length));
        double Score(string[] document) => query.Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(term =>
        {
            double containing = tokens.Count(other => other.Contains(term));
            double tf = document.Count(token => token == term);
            var idf = Math.Log(1 + ((tokens.Length - containing + 0.5) / (containing + 0.5)));
            return tf == 0 ? 0 : idf * tf * (options.K1 + 1) / (tf + (options.K1 * (1 - options.B + (options.B * document.Length / average))));
        });
        return tokens.Select((document, i) => new Bm25Hit(i, Score(document))).Where(hit => hit.Score > 0).OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Document);
    }
}
