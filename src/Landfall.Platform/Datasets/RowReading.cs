namespace Landfall.Platform.Datasets;

/// <summary>How a file is to be read, where it leaves a choice.</summary>
public sealed record RowReading
{
    /// <summary>As the file suggests.</summary>
    public static RowReading Automatic { get; } = new();

    /// <summary>With a workbook: the sheet's name. Default: the first visible sheet with a column for the input and one for the expected output.</summary>
    public string? Sheet { get; init; }

    /// <summary>The column or field of the input, together with <see cref="ExpectedField"/>. Default: found by its name.</summary>
    public string? TextField { get; init; }

    /// <summary>The column or field of the expected output.</summary>
    public string? ExpectedField { get; init; }

    /// <summary>
    /// Looks for no columns by name: where the format itself does not say what the input is, every column becomes a further
    /// field, and text and expected output stay empty.
    /// </summary>
    public bool FieldsOnly { get; init; }
}
