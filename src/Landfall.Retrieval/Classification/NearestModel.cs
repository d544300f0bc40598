using System.Buffers;
using Landfall.Retrieval.Artifacts;
using Landfall.Retrieval.Bm25;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Classification;

/// <summary>Labelled rows, found by BM25 over words and over character n-grams in equal parts.</summary>
internal sealed class NearestModel(Bm25Index words, Bm25Index characters, ushort[] classes)
{
    private static readonly WordAnalyzer Words = new(maxWords: 2);
    private static readonly CharacterNgramAnalyzer Characters = new(2, 4);

    public int Count => classes.Length;

    public static NearestModel Build(IReadOnlyList<LabelledText> train, LabelSet labels, CancellationToken cancellation)
    {
        var texts = train.Select(row => row.Text).ToArray();
        Bm25Index? words = null;
        Bm25Index? characters = null;
        Parallel.Invoke(
            new ParallelOptions { CancellationToken = cancellation },
            () => words = Bm25Index.Build(texts, Words),
            () => characters = Bm25Index.Build(texts, Characters));
        return new NearestModel(words!, characters!, [.. train.Select(row => (ushort)labels.ClassOf(row.Label))]);
    }

    /// <summary>The nearest rows, nearest first, but not row <paramref name="without"/>.</summary>
    public Neighbour[] Find(string text, int top, int without = -1)
    {
        var scores = ArrayPool<double>.Shared.Rent(Count);
        try
        {
            var all = scores.AsSpan(0, Count);
            all.Clear();
            words.Score(text, 0.5 / Math.Max(1e-9, words.SelfScore(text)), all);
            characters.Score(text, 0.5 / Math.Max(1e-9, characters.SelfScore(text)), all);
            if (without >= 0)
            {
                all[without] = 0;
            }

            return [.. Bm25Index.Best(all, top).Select(hit => new Neighbour(hit.Document, classes[hit.Document], Math.Min(1, hit.Score)))];
        }
        finally
        {
            ArrayPool<double>.Shared.Return(scores);
        }
    }

    public void Write(ArtifactWriter writer)
    {
        writer.WriteCount(classes.Length);
        foreach (var each in classes)
        {
            writer.WriteCount(each);
        }

        words.Write(writer);
        characters.Write(writer);
    }

    public static NearestModel Read(ArtifactReader reader, int classCount)
    {
        var classes = new ushort[reader.ReadCount(bytesEach: 1)];
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = (ushort)reader.ReadNumber(classCount - 1);
        }

        var words = Bm25Index.Read(reader, Words);
        var characters = Bm25Index.Read(reader, Characters);
        return words.Count == classes.Length && characters.Count == classes.Length
            ? new NearestModel(words, characters, classes)
            : throw reader.Damaged($"{classes.Length} labels for {words.Count} and {characters.Count} texts");
    }
}
