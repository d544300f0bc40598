using System.Text;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets;

/// <summary>Writes rows that the platform made as a dataset version, with where they came from.</summary>
public sealed class DatasetWriter(BlobStore blobs, TimeProvider time)
{
    /// <summary>Writes the version's content and describes it; the store of versions is not touched.</summary>
    public async Task<DatasetSummary> WriteAsync(string name, IReadOnlyList<Row> rows, DatasetLineage lineage, CancellationToken cancellation)
    {
        var version = await blobs.WriteAsync(stream => CanonicalRow.WriteAllAsync(rows, stream, cancellation), cancellation).ConfigureAwait(false);
        var exact = new DuplicateCounter();
        var near = new NearDuplicateScan();
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            exact.Add(Hash64.Of(Encoding.UTF8.GetBytes(row.Expected), seed: Hash64.Of(Encoding.UTF8.GetBytes(TextNormalizer.Normalize(row.Text)))));
            near.Add(Encoding.UTF8.GetBytes(row.Text));
        }

        return new DatasetSummary
        {
            Name = name,
            Version = version,
            Rows = rows.Count,
            SourceSha256 = version,
            Format = "rows",
            ExactDuplicates = exact.Count,
            NearDuplicates = await near.CompleteAsync(cancellation).ConfigureAwait(false),
            CreatedAt = time.GetUtcNow(),
            Lineage = lineage,
        };
    }
}
