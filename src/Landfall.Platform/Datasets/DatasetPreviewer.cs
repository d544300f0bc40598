using System.Buffers;
using System.Text;
using Landfall.Platform.Datasets.Reading;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets;

/// <summary>Says what an import of a file would understand, from its first rows.</summary>
public static class DatasetPreviewer
{
    /// <summary>Rows in a preview.</summary>
    public const int Rows = 10;

    /// <exception cref="DataFormatException">The file's beginning cannot be read as rows.</exception>
    public static async Task<DatasetPreview> PreviewAsync(Stream content, string fileName, RowReading reading, CancellationToken cancellation)
    {
        var source = await RowSource.OpenAsync(content, fileName, reading, RowReader.DefaultMaxRowBytes, cancellation).ConfigureAwait(false);
        await using var closing = source.ConfigureAwait(false);
        var rows = new List<DatasetRow>();
        var raw = new RawRow();
        var line = new ArrayBufferWriter<byte>();
        while (rows.Count < Rows)
        {
            if (source.TryRead(raw))
            {
                line.ResetWrittenCount();
                CanonicalRow.Write(raw, line);
                rows.Add(DatasetReader.ToProtocol(raw.ToRow(CanonicalRow.IdOf(line.WrittenSpan))));
            }
            else if (source.Ended)
            {
                break;
            }
            else
            {
                await source.FillAsync(cancellation).ConfigureAwait(false);
            }
        }

        return new DatasetPreview
        {
            Format = source.FormatName,
            Sheet = source.Sheet,
            Sheets = source.Sheets,
            Encoding = source.Format.Encoding,
            Delimiter = source.Format.Delimiter is { } delimiter ? Encoding.ASCII.GetString([delimiter]) : null,
            TextField = source.Roles!.Text,
            ExpectedField = source.Roles.Expected,
            OtherFields = source.OtherColumns ?? rows.SelectMany(r => r.Fields.Keys).Distinct(StringComparer.Ordinal).ToList(),
            Rows = rows,
        };
    }
}
