using Landfall.Platform.Datasets;
using Landfall.Retrieval.Bm25;
using Landfall.Retrieval.Text;

namespace Landfall.Platform.Candidates.Techniques.Prompting;

/// <summary>The training rows that are most like a question, by BM25 over words.</summary>
internal sealed class ExamplePool
{
    private readonly IReadOnlyList<Row> _rows;
    private readonly Bm25Index _index;

    public ExamplePool(IReadOnlyList<Row> rows)
    {
        _rows = rows;
        _index = Bm25Index.Build([.. rows.Select(r => r.Text)], new WordAnalyzer(2));
    }

    /// <summary>The nearest rows, nearest last: what stands last weighs most with language models.</summary>
    public IReadOnlyList<Row> Nearest(string text, int count) =>
        count == 0 || _rows.Count == 0 ? [] : [.. _index.Search(text, count).Select(h => _rows[h.Document]).Reverse()];
}
