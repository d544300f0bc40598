using Landfall.Platform.Datasets.Reading.Columnar;
using Landfall.Platform.Datasets.Reading.Xlsx;

namespace Landfall.Platform.Datasets.Reading;

/// <summary>
/// A file of rows being read. <see cref="TryRead"/> takes rows out of memory without waiting; when it has none,
/// <see cref="FillAsync"/> brings more: the cost of waiting is paid per buffer, not per row.
/// </summary>
internal abstract class RowSource : IAsyncDisposable
{
    public abstract FileFormat Format { get; }

    /// <summary>The file's format, or the well-known shape of its rows; the latter is known after the first row.</summary>
    public string FormatName => Shape ?? Format.Name;

    public abstract FieldRoles? Roles { get; }

    /// <summary>With a table: the further columns.</summary>
    public virtual IReadOnlyList<string>? OtherColumns => null;

    /// <summary>With a workbook: the sheet that is read.</summary>
    public virtual string? Sheet => null;

    /// <summary>With a workbook: the visible sheets.</summary>
    public virtual IReadOnlyList<string>? Sheets => null;

    public long Rows { get; private set; }

    /// <summary>Records that hold no row and were passed over.</summary>
    public abstract long Skipped { get; }

    public abstract long BytesTaken { get; }

    /// <summary>All rows have been read.</summary>
    public bool Ended { get; private set; }

    protected abstract string? Shape { get; }

    protected abstract string File { get; }

    /// <summary>Opens a file; what it is, its first bytes say, and its name where these leave it open.</summary>
    /// <exception cref="DataFormatException">It cannot be read as rows.</exception>
    public static async Task<RowSource> OpenAsync(Stream content, string file, RowReading reading, int maxRowBytes, CancellationToken cancellation)
    {
        var mark = new byte[8];
        var length = await content.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        var taken = mark.AsMemory(0, length);
        if (taken.Span.StartsWith("PK\x03\x04"u8) || taken.Span.StartsWith("PK\x05\x06"u8))
        {
            return XlsxRowSource.Open(content, file, reading, maxRowBytes);
        }

        if (taken.Span.StartsWith("PAR1"u8))
        {
            return await ParquetRowSource.OpenTableAsync(content, file, reading, maxRowBytes, cancellation).ConfigureAwait(false);
        }

        return await TextRowSource.OpenTextAsync(content, taken, file, reading, maxRowBytes, cancellation).ConfigureAwait(false);
    }

    public bool TryRead(RawRow row)
    {
        if (TryReadNext(row))
        {
            Rows++;
            return true;
        }

        Ended = IsAtEnd;
        return Ended && Rows == 0 ? throw NoRows() : false;
    }

    public abstract ValueTask FillAsync(CancellationToken cancellation);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>No more will come.</summary>
    protected abstract bool IsAtEnd { get; }

    protected abstract bool TryReadNext(RawRow row);

    private DataFormatException NoRows() => new(File, 0, Skipped > 0
        ? $"none of its {Skipped} traces holds a row: each lacks an input or an output, failed, or is no generation. Export traces that have both."
        : "the file has no rows. Write at least one row with an input and its expected output, such as {\"text\": \"...\", \"label\": \"...\"}.");
}
