using System.Buffers;
using System.Runtime.CompilerServices;
using Landfall.Platform.Datasets.Reading;

namespace Landfall.Platform.Datasets;

/// <summary>
/// Reads JSON lines, JSON arrays, CSV (comma, semicolon, tab; RFC 4180 quotes; a header), as UTF-8 or, with a byte
/// order mark, UTF-16, and Excel workbooks and Parquet files. The file's header or first row decides which field is the input
/// and which the expected output (<see cref="FieldRoles"/>), or that the rows have a well-known shape
/// (<see cref="Reading.Json.JsonShapes"/>: conversations, preference pairs, traces). Other fields become strings: nested JSON
/// becomes compact JSON text; null and an empty cell mean that the row does not have the field.
/// </summary>
/// <param name="maxRowBytes">The longest row that is accepted, in bytes of UTF-8. Default: 16 MB.</param>
public sealed class RowReader(int maxRowBytes = RowReader.DefaultMaxRowBytes) : IRowReader
{
    /// <summary>16 MB.</summary>
    public const int DefaultMaxRowBytes = 16 << 20;

    public IAsyncEnumerable<Row> ReadAsync(Stream content, string fileName, CancellationToken cancellation) =>
        ReadAsync(content, fileName, RowReading.Automatic, cancellation);

    public async IAsyncEnumerable<Row> ReadAsync(Stream content, string fileName, RowReading reading, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var source = await RowSource.OpenAsync(content, fileName, reading, maxRowBytes, cancellation).ConfigureAwait(false);
        await using var closing = source.ConfigureAwait(false);
        var raw = new RawRow();
        var line = new ArrayBufferWriter<byte>(1 << 12);
        while (true)
        {
            while (source.TryRead(raw))
            {
                line.ResetWrittenCount();
                CanonicalRow.Write(raw, line);
                yield return raw.ToRow(CanonicalRow.IdOf(line.WrittenSpan));
            }

            if (source.Ended)
            {
                yield break;
            }

            await source.FillAsync(cancellation).ConfigureAwait(false);
        }
    }
}
