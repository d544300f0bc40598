using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Storage;

/// <summary>Brings the database up to date and claims it.</summary>
public static class DatabaseStartup
{
    /// <summary>Applies migrations, then raises the server's epoch: from here on an older server's writes are refused.</summary>
    public static async Task ClaimAsync(IDbContextFactory<LandfallDatabase> databases, ServerFence fence, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            await database.Database.MigrateAsync(cancellation).ConfigureAwait(false);
            var transaction = await database.Database.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var server = await database.Servers.AsNoTracking().SingleOrDefaultAsync(cancellation).ConfigureAwait(false);
                var epoch = (server?.Epoch ?? 0) + 1;
                await database.Database.ExecuteSqlAsync(
                    $"INSERT INTO server (Id, Epoch) VALUES (1, {epoch}) ON CONFLICT (Id) DO UPDATE SET Epoch = {epoch}", cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                fence.Epoch = epoch;
            }
        }
    }
}
