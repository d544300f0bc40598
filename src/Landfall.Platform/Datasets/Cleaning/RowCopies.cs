using Landfall.Retrieval.Duplicates;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>A row that says what another says.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Similarity">1: the same normalised text.</param>
/// <param name="IsExact">Whether it is the same text.</param>
internal sealed record RowCopy(int Index, double Similarity, bool IsExact);

/// <summary>
/// Which rows are copies of which. Messages of up to <see cref="LongestMessage"/> characters are compared word by word
/// (<see cref="EditedCopies"/>), longer texts by their runs of words (<see cref="MinHashIndex"/>).
/// </summary>
internal sealed class RowCopies
{
    /// <summary>Rows up to which edited copies are looked for; beyond, only exact ones.</summary>
    public const int MostRows = 200_000;

    private const int LongestMessage = 600;
    private const double LongTextThreshold = 0.7;
    private readonly IReadOnlyList<Row> _rows;
    private readonly string[] _normalized;
    private readonly ILookup<string, int> _exact;
    private readonly IReadOnlyList<NearDuplicatePair>[] _messages;
    private readonly ILookup<int, RowCopy> _texts;

    private RowCopies(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        _rows = rows;
        _normalized = [.. rows.Select(r => TextNormalizer.Normalize(r.Text))];
        _exact = Enumerable.Range(0, rows.Count).ToLookup(i => _normalized[i], StringComparer.Ordinal);
        _texts = Array.Empty<RowCopy>().ToLookup(_ => 0);
        _messages = new IReadOnlyList<NearDuplicatePair>[rows.Count];
        Array.Fill(_messages, []);
        if (rows.Count > MostRows)
        {
            Note = $"Edited copies are looked for among up to {MostRows:#,0} rows; these are {rows.Count:#,0}, so only exact ones were.";
            return;
        }

        var messages = EditedCopies.Of([.. rows.Select(r => IsMessage(r) ? r.Text : "")], cancellation);
        Parallel.For(0, rows.Count, new ParallelOptions { CancellationToken = cancellation }, i => _messages[i] = messages.CopiesOf(i));
        _texts = LongTexts(rows, cancellation);
    }

    /// <summary>What was not looked at.</summary>
    public string? Note { get; }

    public static RowCopies Of(IReadOnlyList<Row> rows, CancellationToken cancellation) => new(rows, cancellation);

    /// <summary>The copies of a row, in both directions.</summary>
    public IEnumerable<RowCopy> Of(int index)
    {
        foreach (var same in _exact[_normalized[index]].Where(i => i != index))
        {
            yield return new RowCopy(same, 1, IsExact: true);
        }

        foreach (var pair in _messages[index])
        {
            var other = pair.First == index ? pair.Second : pair.First;
            if (_normalized[other] != _normalized[index])
            {
                yield return new RowCopy(other, Math.Min(0.99, pair.Similarity), IsExact: false);
            }
        }

        foreach (var copy in _texts[index])
        {
            yield return copy;
        }
    }

    /// <summary>Rows in clusters of copies: each row's cluster by its first row.</summary>
    public int[] Clusters(CancellationToken cancellation)
    {
        var sets = new DisjointSets(_rows.Count);
        for (var i = 0; i < _rows.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var copy in Of(i))
            {
                sets.Join(i, copy.Index);
            }
        }

        return [.. Enumerable.Range(0, _rows.Count).Select(sets.Root)];
    }

    private static bool IsMessage(Row row) => row.Text.Length <= LongestMessage;

    private static ILookup<int, RowCopy> LongTexts(IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        var indices = Enumerable.Range(0, rows.Count).Where(i => !IsMessage(rows[i])).ToArray();
        var found = NearDuplicates.Find([.. indices.Select(i => rows[i].Text)], LongTextThreshold, cancellation: cancellation);
        return found.Pairs
            .SelectMany(p => new[] { (From: indices[p.First], To: indices[p.Second], p.Similarity), (From: indices[p.Second], To: indices[p.First], p.Similarity) })
            .Where(p => TextNormalizer.Normalize(rows[p.From].Text) != TextNormalizer.Normalize(rows[p.To].Text))
            .ToLookup(p => p.From, p => new RowCopy(p.To, Math.Min(0.99, p.Similarity), IsExact: false));
    }
}
