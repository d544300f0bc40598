using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Landfall.Platform.Storage;

/// <summary>Connections to a SQLite file.</summary>
internal sealed class SqliteConnections(string path) : DatabaseConnections
{
    /// <summary>Every commit is synced to disk (write-ahead log, synchronous full); a writer waits up to 30 s for another.</summary>
    public const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON;";

    public override string Description => $"database file {path}";

    /// <summary>A transaction holds the write lock of the whole database.</summary>
    public override string ForShare => "";

    public override string ForUpdate => "";

    public string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        DefaultTimeout = 30,
        Pooling = true,
    }.ToString();

    /// <summary>The lock of the data folder does it.</summary>
    public override Task<IAsyncDisposable> HoldAsync(bool takeOver, CancellationToken cancellation) => Task.FromResult<IAsyncDisposable>(new NoHold());

    public override void Forget()
    {
        // A file is not away.
    }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            using var command = connection.CreateCommand(Pragmas);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private sealed class NoHold : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
