using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Storage;

/// <summary>The relational state in one SQLite file.</summary>
public sealed class SqliteLandfallDatabase(DbContextOptions<SqliteLandfallDatabase> options, ServerFence fence) : LandfallDatabase(options, fence)
{
    /// <summary>A SQLite transaction holds the write lock of the whole database from its first moment: nothing changes under it.</summary>
    protected override string LockedOwner => "SELECT \"Epoch\" AS \"Value\" FROM server WHERE \"Id\" = 1";

    public override Task LockAsync(string name, CancellationToken cancellation) => Task.CompletedTask;
}
