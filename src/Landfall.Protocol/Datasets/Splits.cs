namespace Landfall.Protocol.Datasets;

/// <summary>The request of <c>POST /api/datasets/split</c>, which starts a run of kind <c>split</c>.</summary>
public sealed record SplitRequest
{
    /// <summary>The dataset's name; the parts are named <c>name/train</c>, <c>name/validation</c> and <c>name/test</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>The version; the newest of the name when it is not given.</summary>
    public string? Version { get; init; }

    /// <summary>Share of the rows for test, 0 to below 1.</summary>
    public double Test { get; init; }

    /// <summary>Share of the rows for validation, 0 to below 1.</summary>
    public double Validation { get; init; }

    /// <summary>The field whose value names a unit that is not torn; <c>group</c> when it is not given.</summary>
    public string? Group { get; init; }

    /// <summary>Keep each label's share in every part.</summary>
    public bool Stratify { get; init; }

    /// <summary>The field with a row's time: the newest rows are test rows, those before them validation rows.</summary>
    public string? Time { get; init; }

    /// <summary>Another seed gives another split.</summary>
    public int Seed { get; init; }
}

/// <summary>The result of a split.</summary>
/// <param name="Parts">The versions that were written, train first.</param>
/// <param name="Units">Units that stay together; as many as rows where none has a twin.</param>
/// <param name="Notes">What is to be known about the parts.</param>
public sealed record SplitResult(IReadOnlyList<DatasetSummary> Parts, int Units, IReadOnlyList<string> Notes);
