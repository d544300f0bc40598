using Landfall.Protocol.Datasets;

namespace Landfall.Platform.Datasets;

/// <summary>Which dataset versions there are. Their rows are blobs.</summary>
public interface IDatasetStore
{
    /// <summary>Adds a version under its name; one that is there already stays as it is.</summary>
    Task AddAsync(DatasetSummary dataset, CancellationToken cancellation);

    /// <summary>All versions, newest first.</summary>
    Task<IReadOnlyList<DatasetSummary>> ListAsync(CancellationToken cancellation);

    /// <summary>A version by its hash, or null.</summary>
    Task<DatasetSummary?> FindAsync(string version, CancellationToken cancellation);
}
