namespace Landfall.Protocol.Datasets;

/// <summary>How two versions differ. Rows are compared by their text; of copies of one text, those with the same content first.</summary>
public sealed record DatasetDiff
{
    /// <summary>The first version.</summary>
    public required DatasetSummary Before { get; init; }

    /// <summary>The second version.</summary>
    public required DatasetSummary After { get; init; }

    /// <summary>Rows that both have.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Rows whose text only the second has.</summary>
    public required long Added { get; init; }

    /// <summary>Rows whose text only the first has.</summary>
    public required long Removed { get; init; }

    /// <summary>Rows with the same text and another expected output or other fields.</summary>
    public required long Changed { get; init; }

    /// <summary>Of these, rows with another expected output.</summary>
    public required long LabelChanges { get; init; }

    /// <summary>Which labels became which, most frequent first.</summary>
    public required IReadOnlyList<LabelChange> Confusion { get; init; }

    /// <summary>The first added rows.</summary>
    public required IReadOnlyList<DatasetRow> AddedRows { get; init; }

    /// <summary>The first removed rows.</summary>
    public required IReadOnlyList<DatasetRow> RemovedRows { get; init; }

    /// <summary>The first changed rows.</summary>
    public required IReadOnlyList<ChangedRow> ChangedRows { get; init; }
}

/// <summary>Rows whose label became another.</summary>
/// <param name="From">The label in the first version.</param>
/// <param name="To">The label in the second.</param>
/// <param name="Rows">How many.</param>
public sealed record LabelChange(string From, string To, long Rows);

/// <summary>A row before and after.</summary>
/// <param name="Before">In the first version.</param>
/// <param name="After">In the second.</param>
public sealed record ChangedRow(DatasetRow Before, DatasetRow After);
