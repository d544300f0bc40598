using Landfall.Platform.Storage;
using Landfall.Platform.Tests.Runs;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Tests.Storage;

public sealed class DatabaseStartupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-startup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ClaimAsync_ServerWasKilledWhileItMigrated_DoesNotWaitForItsLock()
    {
        await using (var killed = await RunsServer.StartAsync(_folder))
        {
            await using var database = await killed.Get<IDbContextFactory<LandfallDatabase>>().CreateDbContextAsync();
            await database.Database.ExecuteSqlRawAsync(
                "CREATE TABLE IF NOT EXISTS \"__EFMigrationsLock\" (\"Id\" INTEGER NOT NULL PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); INSERT INTO \"__EFMigrationsLock\" VALUES (1, 'then')");
        }

        await using var next = await RunsServer.StartAsync(_folder).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(2, next.Fence.Epoch);
    }
}
