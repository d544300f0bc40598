using System.Text;
using Landfall.Retrieval.Duplicates;

namespace Landfall.Platform.Datasets;

/// <summary>Train and validation rows that share no normalised text.</summary>
/// <param name="Train">In the order of the input.</param>
/// <param name="Validation">In the order of the input.</param>
/// <param name="Duplicates">Rows that were left out as copies (same normalised text, same expected output) of others.</param>
public sealed record DatasetSplit(IReadOnlyList<Row> Train, IReadOnlyList<Row> Validation, int Duplicates);

/// <summary>Rows without those that are copies of test rows.</summary>
/// <param name="Rows">In the order of the input.</param>
/// <param name="Dropped">The copies.</param>
public sealed record RowsWithoutCopies(IReadOnlyList<Row> Rows, IReadOnlyList<Row> Dropped);

/// <summary>
/// Splits rows by a hash of the seed and the normalised text: which side a row falls on does not depend on the order of
/// the rows, and rows with one text never stand on both sides, even when their expected outputs contradict. Neither do rows
/// with one value in the field <see cref="ReservedFields.Group"/>, such as the turns of a conversation.
/// </summary>
public static class DatasetSplitter
{
    /// <summary>Leaves out rows whose normalised text is that of a test row.</summary>
    public static RowsWithoutCopies DropCopiesOf(IEnumerable<Row> test, IReadOnlyList<Row> rows)
    {
        var tested = test.Select(r => TextNormalizer.Normalize(r.Text)).ToHashSet(StringComparer.Ordinal);
        var dropped = rows.Where(r => tested.Contains(TextNormalizer.Normalize(r.Text))).ToList();
        if (dropped.Count == 0)
        {
            return new RowsWithoutCopies(rows, dropped);
        }

        var ids = dropped.ToHashSet<Row>(ReferenceEqualityComparer.Instance);
        return new RowsWithoutCopies(rows.Where(r => !ids.Contains(r)).ToList(), dropped);
    }

    /// <summary>
    /// Splits off validation rows, in each class (expected output) the same share. Each class keeps a row in train. Where
    /// more than half of all rows have an expected output of their own, these are answers rather than classes, and the rows
    /// are split as one.
    /// </summary>
    /// <param name="rows">All rows; copies within them are left out.</param>
    /// <param name="validationShare">Share of the rows for validation, from 0 to below 1.</param>
    /// <param name="seed">Another seed gives another split.</param>
    public static DatasetSplit Split(IReadOnlyList<Row> rows, double validationShare, int seed)
    {
        if (validationShare is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(validationShare), validationShare, "The share is at least 0 and below 1.");
        }

        var groups = Units(rows, seed);
        var kept = groups.SelectMany(g => g.Rows).ToList();
        var labels = kept.Select(r => r.Expected).ToHashSet(StringComparer.Ordinal).Count;
        var validation = 2 * labels > kept.Count && labels > 1
            ? Unstratified(groups, kept.Count, validationShare)
            : Stratified(groups, kept, validationShare);
        var keptRows = kept.ToHashSet<Row>(ReferenceEqualityComparer.Instance);

        // One and the same object may stand in the input twice.
        var inOrder = rows.Where(keptRows.Contains).Distinct<Row>(ReferenceEqualityComparer.Instance).ToLookup(validation.Contains);
        return new DatasetSplit(
            inOrder[false].ToList(),
            inOrder[true].ToList(),
            rows.Count - kept.Count);
    }

    /// <summary>Rows that stay together, without copies, in the order of their hashes.</summary>
    private static List<TextGroup> Units(IReadOnlyList<Row> rows, int seed)
    {
        var texts = GroupByText(rows, seed);
        var named = new Dictionary<string, int>(StringComparer.Ordinal);
        var units = new DisjointSets(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            foreach (var name in texts[i].Rows.Select(r => r.Fields.GetValueOrDefault(ReservedFields.Group)).OfType<string>())
            {
                units.Join(named.TryAdd(name, i) ? i : named[name], i);
            }
        }

        return named.Count == 0
            ? texts
            : texts.Select((text, i) => (Text: text, Root: units.Root(i))).GroupBy(t => t.Root)
                .Select(g => texts[g.Key] with { Rows = g.SelectMany(t => t.Text.Rows).ToList() })
                .ToList();
    }

    /// <summary>Rows with one normalised text, without copies, in the order of their hashes.</summary>
    private static List<TextGroup> GroupByText(IReadOnlyList<Row> rows, int seed) =>
        rows.GroupBy(r => TextNormalizer.Normalize(r.Text), StringComparer.Ordinal)
            .Select(g => new TextGroup(
                Hash64.Of(Encoding.UTF8.GetBytes(g.Key), (ulong)(uint)seed),
                g.Key,
                g.GroupBy(r => r.Expected, StringComparer.Ordinal).OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.MinBy(r => r.Id, StringComparer.Ordinal)!).ToList()))
            .OrderBy(g => g.Hash)
            .ThenBy(g => g.Text, StringComparer.Ordinal)
            .ToList();

    private static HashSet<Row> Unstratified(List<TextGroup> groups, int total, double share)
    {
        var wanted = (int)Math.Round(total * share, MidpointRounding.AwayFromZero);
        var validation = new HashSet<Row>(ReferenceEqualityComparer.Instance);
        foreach (var group in groups.Where(g => g.Rows.Count <= 2 * (wanted - validation.Count)))
        {
            validation.UnionWith(group.Rows);
        }

        return validation;
    }

    private static HashSet<Row> Stratified(List<TextGroup> groups, List<Row> kept, double share)
    {
        var left = kept.GroupBy(r => r.Expected, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        var quotas = Quotas(left, kept.Count, share);
        var validation = new HashSet<Row>(ReferenceEqualityComparer.Instance);
        foreach (var group in groups)
        {
            // A unit with several labels goes over only where each of them still has room for most of it, so it may stay in train.
            if (group.Rows.CountBy(r => r.Expected, StringComparer.Ordinal).All(l => 2 * quotas[l.Key] >= l.Value && left[l.Key] > l.Value))
            {
                foreach (var row in group.Rows)
                {
                    quotas[row.Expected]--;
                    left[row.Expected]--;
                    validation.Add(row);
                }
            }
        }

        return validation;
    }

    /// <summary>Validation rows per class: the share rounded down, and the rest to the largest remainders.</summary>
    private static Dictionary<string, int> Quotas(Dictionary<string, int> counts, int total, double share)
    {
        var quotas = counts.ToDictionary(c => c.Key, c => (int)(c.Value * share), StringComparer.Ordinal);
        var rest = (int)Math.Round(total * share, MidpointRounding.AwayFromZero) - quotas.Values.Sum();
        foreach (var label in counts
            .Where(c => c.Value - quotas[c.Key] > 1 && (c.Value * share) - quotas[c.Key] > 1e-9)
            .OrderByDescending(c => (c.Value * share) - quotas[c.Key])
            .ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(Math.Max(0, rest)))
        {
            quotas[label.Key]++;
        }

        return quotas;
    }

    private sealed record TextGroup(ulong Hash, string Text, List<Row> Rows);
}
