using System.Runtime.CompilerServices;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Briefs;

/// <summary>A row of a draft.</summary>
/// <param name="Row">As it is written.</param>
/// <param name="Text">The fingerprint of its text.</param>
/// <param name="Unit">The fingerprint by which it is split: of its group, or of its text.</param>
internal sealed record DraftRow(Row Row, ulong Text, ulong Unit);

/// <summary>The rows of a draft's files, read as often as it takes.</summary>
internal sealed class DraftRows(DraftFiles files, DraftColumns columns, IRowReader reader, BlobStore blobs, TextNormalization normalize)
{
    /// <summary>Seeds the split: the text's fingerprint is taken with it, so that it has nothing to do with the text's own order.</summary>
    private const string Seed = "landfall-draft-split-1\n";

    /// <summary>Rows by which columns are judged.</summary>
    private const int SampleRows = 20_000;

    public DraftFiles Files => files;

    /// <summary>The first rows of a file, with all columns as fields unless the format says what the input is.</summary>
    public static async Task<List<Row>> SampleAsync(DraftFile file, IRowReader reader, BlobStore blobs, CancellationToken cancellation)
    {
        var sample = new List<Row>();
        var content = blobs.Open(file.Sha256);
        await using (content.ConfigureAwait(false))
        {
            await foreach (var row in reader.ReadAsync(content, file.FileName, new RowReading { FieldsOnly = true }, cancellation).ConfigureAwait(false))
            {
                sample.Add(row);
                if (sample.Count == SampleRows)
                {
                    break;
                }
            }
        }

        return sample;
    }

    public async IAsyncEnumerable<DraftRow> ReadAsync(IReadOnlyList<DraftFile> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var file in from)
        {
            var content = blobs.Open(file.Sha256);
            await using (content.ConfigureAwait(false))
            {
                await foreach (var read in reader.ReadAsync(content, file.FileName, columns.Reading, cancellation).ConfigureAwait(false))
                {
                    var row = columns.Apply(read);
                    var text = TextFingerprint.Of(Seed + normalize(row.Text));
                    yield return new DraftRow(row, text, columns.Group is not null && row.Fields.TryGetValue(ReservedFields.Group, out var group) ? TextFingerprint.Of(Seed + "group\n" + group) : text);
                }
            }
        }
    }
}
