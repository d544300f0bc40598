using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Datasets;

/// <summary>The datasets' table.</summary>
public sealed class DatasetStore(IDbContextFactory<LandfallDatabase> databases) : IDatasetStore
{
    public async Task AddAsync(DatasetSummary dataset, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var transaction = await database.BeginExclusiveAsync($"dataset/{dataset.Version}", cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                if (await database.Datasets.AnyAsync(d => d.Name == dataset.Name && d.Version == dataset.Version, cancellation).ConfigureAwait(false))
                {
                    return;
                }

                database.Datasets.Add(new DatasetEntity
                {
                    Name = dataset.Name,
                    Version = dataset.Version,
                    SummaryJson = JsonSerializer.Serialize(dataset, RunJson.Options),
                    CreatedAt = dataset.CreatedAt,
                });
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    public async Task<IReadOnlyList<DatasetSummary>> ListAsync(CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var all = await database.Datasets.AsNoTracking().OrderByDescending(d => d.CreatedAt).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. all.Select(ToSummary)];
        }
    }

    public async Task<DatasetSummary?> FindAsync(string version, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var found = await database.Datasets.AsNoTracking().FirstOrDefaultAsync(d => d.Version == version, cancellation).ConfigureAwait(false);
            return found is null ? null : ToSummary(found);
        }
    }

    private static DatasetSummary ToSummary(DatasetEntity entity) => JsonSerializer.Deserialize<DatasetSummary>(entity.SummaryJson, RunJson.Options)!;
}
