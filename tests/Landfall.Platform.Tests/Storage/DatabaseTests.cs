using Landfall.Postgres;

[assembly: AssemblyFixture(typeof(Landfall.Postgres.SharedPostgres))]

namespace Landfall.Platform.Tests.Storage;

/// <summary>The databases that every store is tested on.</summary>
public enum TestDatabase
{
    Sqlite,
    Postgres,
}

/// <summary>Tests on an empty database of their own; a class derives from them for each kind of database.</summary>
public abstract class DatabaseTests(TestDatabase kind) : IAsyncLifetime
{
    /// <summary>The data folder.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("landfall-database-").FullName;

    /// <summary>The database's address.</summary>
    protected string Address { get; private set; } = "";

    protected TestDatabase Kind => kind;

    public virtual async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(kind == TestDatabase.Sqlite || PostgresCluster.IsInstalled, PostgresCluster.NotInstalled);
        Address = kind == TestDatabase.Sqlite ? "sqlite" : await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
    }

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
