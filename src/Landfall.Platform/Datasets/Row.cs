namespace Landfall.Platform.Datasets;

/// <summary>A row of a dataset.</summary>
/// <param name="Id">The hash of the content (lower-case hex, 32 characters): the example's identity in caches and reports.</param>
/// <param name="Text">What the user writes.</param>
/// <param name="Expected">The expected label or answer.</param>
/// <param name="Fields">All other fields, by which slices are cut.</param>
public sealed record Row(string Id, string Text, string Expected, IReadOnlyDictionary<string, string> Fields);

/// <summary>A file that cannot be read as rows.</summary>
/// <param name="file">The file's name.</param>
/// <param name="line">1-based line; 0 for the whole file.</param>
/// <param name="problem">What was found and what to do.</param>
/// <param name="inner">The cause, if a library named one.</param>
public sealed class DataFormatException(string file, long line, string problem, Exception? inner = null)
    : Exception(line > 0 ? $"{file}, line {line}: {problem}" : $"{file}: {problem}", inner)
{
    public string File { get; } = file;

    public long Line { get; } = line;
}

/// <summary>Reads a file of rows, streaming.</summary>
public interface IRowReader
{
    /// <summary>Rows in the file's order. The format is detected from the name and the first bytes.</summary>
    /// <exception cref="DataFormatException">The file cannot be read as rows; nothing more is read.</exception>
    IAsyncEnumerable<Row> ReadAsync(Stream content, string fileName, CancellationToken cancellation);

    /// <summary>The same, with the choices that the file leaves. Workbooks and Parquet files need a stream that can seek.</summary>
    /// <exception cref="DataFormatException">The file cannot be read as rows; nothing more is read.</exception>
    IAsyncEnumerable<Row> ReadAsync(Stream content, string fileName, RowReading reading, CancellationToken cancellation);
}
