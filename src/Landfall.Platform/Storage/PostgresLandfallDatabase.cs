using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Storage;

/// <summary>The relational state in a PostgreSQL database.</summary>
public sealed class PostgresLandfallDatabase(DbContextOptions<PostgresLandfallDatabase> options, ServerFence fence) : LandfallDatabase(options, fence)
{
    /// <summary>The lock on the row keeps a successor's claim waiting until this transaction has ended.</summary>
    protected override string LockedOwner => "SELECT \"Epoch\" AS \"Value\" FROM server WHERE \"Id\" = 1 FOR SHARE";

    public override Task LockAsync(string name, CancellationToken cancellation) =>
        Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellation);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Texts are ordered by their bytes, as SQLite does, whatever the language of the database server.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}
