using Landfall.Platform.Datasets;

namespace Landfall.Platform.Briefs;

/// <summary>What was counted in one data file, in memory that does not grow with its texts.</summary>
internal sealed class DataScan
{
    /// <summary>With more labels than this, names of unseen ones are no longer collected.</summary>
    private const int MostLabels = 100_000;

    private const int MostFields = 100;

    private readonly Dictionary<string, long> _labels = new(StringComparer.Ordinal);

    public required string Path { get; init; }

    public long Rows { get; private set; }

    public long OutOfScopeRows { get; private set; }

    /// <summary>Rows per label; empty unless the output is a label.</summary>
    public IReadOnlyDictionary<string, long> Labels => _labels;

    /// <summary>Names of the fields by which slices can be cut.</summary>
    public HashSet<string> Fields { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows that each target rests on, by the target's index.</summary>
    public Dictionary<int, long> TargetRows { get; } = [];

    /// <summary>Rows that each target's slice has.</summary>
    public Dictionary<int, long> SliceRows { get; } = [];

    /// <summary>Rows whose text is also a test row's.</summary>
    public long TestCopies { get; private set; }

    /// <summary>The first of them, counted from 1.</summary>
    public long FirstTestCopy { get; private set; }

    public void Add(Row row, string? outOfScopeLabel, bool countLabels)
    {
        Rows++;
        OutOfScopeRows += row.Expected == outOfScopeLabel ? 1 : 0;
        if (countLabels && (_labels.Count < MostLabels || _labels.ContainsKey(row.Expected)))
        {
            _labels[row.Expected] = _labels.GetValueOrDefault(row.Expected) + 1;
        }

        if (Fields.Count < MostFields)
        {
            Fields.UnionWith(row.Fields.Keys);
        }
    }

    public void AddTestCopy()
    {
        FirstTestCopy = TestCopies++ == 0 ? Rows : FirstTestCopy;
    }

    public void Count(TargetParts target, MeasuredRows measured, Row row, string? outOfScopeLabel)
    {
        if (target.On is { } slice && (!row.Fields.TryGetValue(slice.Field, out var value) || value != slice.Value))
        {
            return;
        }

        SliceRows[target.Index] = SliceRows.GetValueOrDefault(target.Index) + 1;
        var isOut = row.Expected == outOfScopeLabel;
        if (measured is MeasuredRows.All or MeasuredRows.Answered || isOut == (measured == MeasuredRows.OutOfScope))
        {
            TargetRows[target.Index] = TargetRows.GetValueOrDefault(target.Index) + 1;
        }
    }
}
