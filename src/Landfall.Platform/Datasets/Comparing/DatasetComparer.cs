using System.Runtime.InteropServices;
using System.Text;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets.Comparing;

/// <summary>
/// Compares two versions by the text of their rows (normalised, with the history before it). Memory is 32 bytes a row; the rows
/// that are shown are read again.
/// </summary>
public sealed class DatasetComparer(DatasetReader reader)
{
    private const int LongestLabel = 256;
    private const int MaxLabels = 100_000;

    /// <summary>Compares.</summary>
    /// <param name="before">A version that is there.</param>
    /// <param name="after">Another.</param>
    /// <param name="limit">So many added, removed and changed rows are shown.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<DatasetDiff> CompareAsync(DatasetSummary before, DatasetSummary after, int limit, CancellationToken cancellation)
    {
        var labels = new Dictionary<ulong, string>();
        var a = await KeysAsync(before.Version, labels, cancellation).ConfigureAwait(false);
        var b = await KeysAsync(after.Version, labels, cancellation).ConfigureAwait(false);
        var found = new Comparison();
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            var key = j == b.Length || (i < a.Length && a[i].Text <= b[j].Text) ? a[i].Text : b[j].Text;
            var (fromA, fromB) = (i, j);
            i = EndOf(a, i, key);
            j = EndOf(b, j, key);
            found.Add(a.AsSpan(fromA..i), b.AsSpan(fromB..j));
        }

        return await DescribeAsync(before, after, found, labels, limit, cancellation).ConfigureAwait(false);
    }

    private static int EndOf(Key[] keys, int at, ulong text)
    {
        while (at < keys.Length && keys[at].Text == text)
        {
            at++;
        }

        return at;
    }

    private async Task<Key[]> KeysAsync(string version, Dictionary<ulong, string> labels, CancellationToken cancellation)
    {
        var keys = new List<Key>();
        await foreach (var row in reader.ReadAsync(version, cancellation).ConfigureAwait(false))
        {
            var history = row.Fields.GetValueOrDefault(ReservedFields.History, "");
            var text = Hash64.Of(Encoding.UTF8.GetBytes(TextNormalizer.Normalize(row.Text)), Hash64.Of(Encoding.UTF8.GetBytes(history)));
            var label = Hash64.Of(Encoding.UTF8.GetBytes(row.Expected));
            if (row.Expected.Length <= LongestLabel && labels.Count < MaxLabels)
            {
                labels.TryAdd(label, row.Expected);
            }

            keys.Add(new Key(text, Convert.ToUInt64(row.Id[..16], 16), label, keys.Count));
        }

        var sorted = keys.ToArray();
        Array.Sort(sorted, Key.InOrder);
        return sorted;
    }

    private async Task<DatasetDiff> DescribeAsync(
        DatasetSummary before, DatasetSummary after, Comparison found, Dictionary<ulong, string> labels, int limit, CancellationToken cancellation)
    {
        var changes = found.Changed.OrderBy(c => c.After.Row).Take(limit).ToList();
        var old = await ReadAsync(before.Version, [.. found.Removed.Order().Take(limit), .. changes.Select(c => c.Before.Row)], cancellation).ConfigureAwait(false);
        var fresh = await ReadAsync(after.Version, [.. found.Added.Order().Take(limit), .. changes.Select(c => c.After.Row)], cancellation).ConfigureAwait(false);
        return new DatasetDiff
        {
            Before = before,
            After = after,
            Unchanged = found.Unchanged,
            Added = found.Added.Count,
            Removed = found.Removed.Count,
            Changed = found.Changed.Count,
            LabelChanges = found.Changed.Count(c => c.Before.Label != c.After.Label),
            Confusion =
            [
                .. found.Changed.Where(c => c.Before.Label != c.After.Label && labels.ContainsKey(c.Before.Label) && labels.ContainsKey(c.After.Label))
                    .GroupBy(c => (From: labels[c.Before.Label], To: labels[c.After.Label]))
                    .Select(g => new LabelChange(g.Key.From, g.Key.To, g.Count()))
                    .OrderByDescending(c => c.Rows).ThenBy(c => c.From, StringComparer.Ordinal).ThenBy(c => c.To, StringComparer.Ordinal),
            ],
            AddedRows = [.. found.Added.Order().Take(limit).Select(r => fresh[r])],
            RemovedRows = [.. found.Removed.Order().Take(limit).Select(r => old[r])],
            ChangedRows = [.. changes.Select(c => new ChangedRow(old[c.Before.Row], fresh[c.After.Row]))],
        };
    }

    private async Task<Dictionary<int, DatasetRow>> ReadAsync(string version, HashSet<int> wanted, CancellationToken cancellation)
    {
        var rows = new Dictionary<int, DatasetRow>();
        var number = 0;
        if (wanted.Count == 0)
        {
            return rows;
        }

        await foreach (var row in reader.ReadAsync(version, cancellation).ConfigureAwait(false))
        {
            if (wanted.Contains(number))
            {
                rows[number] = DatasetReader.ToProtocol(row);
                if (rows.Count == wanted.Count)
                {
                    break;
                }
            }

            number++;
        }

        return rows;
    }

    /// <summary>A row by hashes of its text, its content and its expected output, and its place in the version.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(ulong Text, ulong Content, ulong Label, int Row)
    {
        /// <summary>Rows with one text beside each other.</summary>
        public static int InOrder(Key a, Key b) =>
            a.Text != b.Text ? a.Text.CompareTo(b.Text) : a.Content != b.Content ? a.Content.CompareTo(b.Content) : a.Row.CompareTo(b.Row);
    }

    private sealed class Comparison
    {
        public long Unchanged { get; private set; }

        public List<int> Added { get; } = [];

        public List<int> Removed { get; } = [];

        public List<(Key Before, Key After)> Changed { get; } = [];

        /// <summary>Rows with one text: those with the same content are unchanged, the others are paired, and what is left is new or gone.</summary>
        public void Add(ReadOnlySpan<Key> before, ReadOnlySpan<Key> after)
        {
            var (gone, come) = (new List<Key>(), new List<Key>());
            var (i, j) = (0, 0);
            while (i < before.Length || j < after.Length)
            {
                var order = i == before.Length ? 1 : j == after.Length ? -1 : before[i].Content.CompareTo(after[j].Content);
                if (order == 0)
                {
                    Unchanged++;
                    i++;
                    j++;
                }
                else if (order < 0)
                {
                    gone.Add(before[i++]);
                }
                else
                {
                    come.Add(after[j++]);
                }
            }

            var pairs = Math.Min(gone.Count, come.Count);
            Changed.AddRange(gone.Take(pairs).Zip(come.Take(pairs)));
            Removed.AddRange(gone.Skip(pairs).Select(k => k.Row));
            Added.AddRange(come.Skip(pairs).Select(k => k.Row));
        }
    }
}
