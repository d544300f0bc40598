using System.Runtime.InteropServices;
using System.Text;

namespace Landfall.Platform.Datasets;

/// <summary>How many rows expect an output.</summary>
public sealed record LabelCount(string Label, long Rows);

/// <summary>Counts the expected outputs of rows while they look like labels: short, and not too many different ones.</summary>
internal sealed class LabelHistogram
{
    private const int MaxLabels = 2_000;
    private const int MaxLabelBytes = 256;

    private readonly Dictionary<ulong, Entry> _entries = [];

    /// <summary>Some outputs were left out: they are not labels, or there are too many.</summary>
    public bool IsPartial { get; private set; }

    public void Add(ReadOnlySpan<byte> expected)
    {
        if (expected.Length > MaxLabelBytes)
        {
            IsPartial = true;
            return;
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_entries, Hash64.Of(expected));
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry))
        {
            entry.Rows++;
        }
        else if (_entries.Count < MaxLabels)
        {
            _entries.Add(Hash64.Of(expected), new Entry { Label = Encoding.UTF8.GetString(expected), Rows = 1 });
        }
        else
        {
            IsPartial = true;
        }
    }

    /// <summary>Most frequent first, then by name.</summary>
    public IReadOnlyList<LabelCount> Counts() =>
        [.. _entries.Values.Select(e => new LabelCount(e.Label, e.Rows)).OrderByDescending(c => c.Rows).ThenBy(c => c.Label, StringComparer.Ordinal)];

    private sealed class Entry
    {
        public required string Label { get; init; }

        public long Rows { get; set; }
    }
}
