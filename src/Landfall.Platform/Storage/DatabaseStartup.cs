using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Storage;

/// <summary>Brings the database up to date and claims it.</summary>
public static class DatabaseStartup
{
    private const string RaiseEpoch =
        "INSERT INTO server (\"Id\", \"Epoch\") VALUES (1, 1) ON CONFLICT (\"Id\") DO UPDATE SET \"Epoch\" = server.\"Epoch\" + 1 RETURNING \"Epoch\" AS \"Value\"";

    /// <summary>Applies migrations, then raises the server's epoch: from here on an older server's writes are refused.</summary>
    public static async Task ClaimAsync(IDbContextFactory<LandfallDatabase> databases, ServerFence fence, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            await ReleaseMigrationLockAsync(database, cancellation).ConfigureAwait(false);
            await database.Database.MigrateAsync(cancellation).ConfigureAwait(false);
            var epochs = await database.Database.SqlQueryRaw<long>(RaiseEpoch).ToListAsync(cancellation).ConfigureAwait(false);
            fence.Epoch = epochs.Single();
        }
    }

    /// <summary>
    /// On SQLite, EF's lock against migrating twice is a row in the database: a process that is killed while it migrates
    /// leaves it behind, and the next would wait for it for ever. Whoever is here holds the data folder, so nobody else
    /// migrates. PostgreSQL's lock ends with its connection.
    /// </summary>
    private static async Task ReleaseMigrationLockAsync(LandfallDatabase database, CancellationToken cancellation)
    {
        if (database.Database.IsSqlite() && await database.Database.CanConnectAsync(cancellation).ConfigureAwait(false))
        {
            await database.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation).ConfigureAwait(false);
        }
    }
}
