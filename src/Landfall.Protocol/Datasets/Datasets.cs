namespace Landfall.Protocol.Datasets;

/// <summary>A version of a dataset.</summary>
public sealed record DatasetSummary
{
    /// <summary>The dataset's name, such as <c>helpdesk/train</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The version: the hash of its canonical rows (lower-case hex sha256).</summary>
    public required string Version { get; init; }

    /// <summary>Number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The hash of the file it came from.</summary>
    public required string SourceSha256 { get; init; }

    /// <summary>The format that was understood, such as <c>jsonl</c>, <c>csv</c>, <c>xlsx</c>, <c>parquet</c>, <c>openai</c>, <c>langfuse</c>.</summary>
    public required string Format { get; init; }

    /// <summary>With a workbook: the sheet that was read.</summary>
    public string? Sheet { get; init; }

    /// <summary>Records of the file that hold no row, such as traces without an output.</summary>
    public long Skipped { get; init; }

    /// <summary>Exact duplicates (after normalisation) within it.</summary>
    public long ExactDuplicates { get; init; }

    /// <summary>Rows in groups of near duplicates (Jaccard of at least 0.8 over word shingles).</summary>
    public long NearDuplicates { get; init; }

    /// <summary>When it was imported.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where it came from, when Landfall made it of another version.</summary>
    public DatasetLineage? Lineage { get; init; }
}

/// <summary>One row.</summary>
public sealed record DatasetRow
{
    /// <summary>The hash of the row's content: the example's identity in every evaluation.</summary>
    public required string Id { get; init; }

    /// <summary>What the user writes.</summary>
    public required string Text { get; init; }

    /// <summary>The expected label or answer.</summary>
    public required string Expected { get; init; }

    /// <summary>All other fields, by which slices are cut.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();
}

/// <summary>A page of rows.</summary>
/// <param name="Total">Rows in the version.</param>
/// <param name="Rows">This page.</param>
public sealed record DatasetPage(long Total, IReadOnlyList<DatasetRow> Rows);

/// <summary>What an import would understand, from the file's beginning.</summary>
public sealed record DatasetPreview
{
    /// <summary>Such as <c>jsonl</c>, <c>csv</c>, <c>xlsx</c>, <c>parquet</c>, <c>openai</c>, <c>langfuse</c>.</summary>
    public required string Format { get; init; }

    /// <summary>With a workbook: the sheet that is read.</summary>
    public string? Sheet { get; init; }

    /// <summary>With a workbook: the visible sheets.</summary>
    public IReadOnlyList<string>? Sheets { get; init; }

    /// <summary>The text encoding that was found, such as <c>utf-8</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>With CSV: the separator.</summary>
    public string? Delimiter { get; init; }

    /// <summary>Which column or field is the input.</summary>
    public required string TextField { get; init; }

    /// <summary>Which one is the expected output.</summary>
    public required string ExpectedField { get; init; }

    /// <summary>The further fields.</summary>
    public required IReadOnlyList<string> OtherFields { get; init; }

    /// <summary>The first rows.</summary>
    public required IReadOnlyList<DatasetRow> Rows { get; init; }
}

/// <summary>The request of <c>POST /api/datasets/import</c>, which starts a run of kind <c>import</c>.</summary>
/// <param name="Name">The dataset's name.</param>
/// <param name="FileName">For messages, and for the format by its ending.</param>
/// <param name="Sha256">The uploaded file.</param>
/// <param name="Sheet">With a workbook: the sheet. Default: the first visible one with a column for the input and one for the expected output.</param>
public sealed record ImportRequest(string Name, string FileName, string Sha256, string? Sheet = null);

/// <summary>The request of <c>POST /api/datasets/preview</c>.</summary>
/// <param name="FileName">For messages, and for the format by its ending.</param>
/// <param name="Sha256">The uploaded file.</param>
/// <param name="Sheet">With a workbook: the sheet. Default: as an import chooses it.</param>
/// <param name="TextField">The column of the input, together with <paramref name="ExpectedField"/>. Default: found by its name.</param>
/// <param name="ExpectedField">The column of the expected output.</param>
/// <param name="FieldsOnly">Only names the columns: none is taken for the input or the expected output.</param>
public sealed record PreviewRequest(string FileName, string Sha256, string? Sheet = null, string? TextField = null, string? ExpectedField = null, bool FieldsOnly = false);
