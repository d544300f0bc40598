using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Tests.Storage;

public sealed class MigrationsTests
{
    [Fact]
    public void Model_OfSqlite_HasAllItsChangesInMigrations()
    {
        using var database = new SqliteLandfallDatabase(new DbContextOptionsBuilder<SqliteLandfallDatabase>().UseSqlite("Data Source=:memory:").Options, new ServerFence());
        AssertComplete(database);
    }

    [Fact]
    public void Model_OfPostgres_HasAllItsChangesInMigrations()
    {
        using var database = new PostgresLandfallDatabase(new DbContextOptionsBuilder<PostgresLandfallDatabase>().UseNpgsql("Host=none").Options, new ServerFence());
        AssertComplete(database);
    }

    [Fact]
    public void Migrations_OfBothDatabases_HaveTheSameNames()
    {
        using var sqlite = new SqliteLandfallDatabase(new DbContextOptionsBuilder<SqliteLandfallDatabase>().UseSqlite("Data Source=:memory:").Options, new ServerFence());
        using var postgres = new PostgresLandfallDatabase(new DbContextOptionsBuilder<PostgresLandfallDatabase>().UseNpgsql("Host=none").Options, new ServerFence());
        Assert.Equal(Names(sqlite), Names(postgres));

        // An id is a time and a name.
        static IEnumerable<string> Names(DbContext database) => database.Database.GetMigrations().Select(m => m[(m.IndexOf('_', StringComparison.Ordinal) + 1)..]);
    }

    [Fact]
    public void Migrations_OfSqlite_BeginWithTheOneThatDatabasesHave()
    {
        using var database = new SqliteLandfallDatabase(new DbContextOptionsBuilder<SqliteLandfallDatabase>().UseSqlite("Data Source=:memory:").Options, new ServerFence());
        Assert.Equal("20261122224206_Initial", database.Database.GetMigrations().First());
    }

    private static void AssertComplete(LandfallDatabase database) =>
        Assert.False(database.Database.HasPendingModelChanges(), "The model has changes without a migration: tools/migrations.sh add <Name>");
}
