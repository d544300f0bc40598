using System.Data.Common;
using Npgsql;

namespace Landfall.Platform.Storage;

/// <summary>Connections to a PostgreSQL database.</summary>
internal sealed class PostgresConnections : DatabaseConnections, IAsyncDisposable
{
    /// <summary>A commit is on disk when it returns, and a lock reads what is newest, whatever the server's own defaults are.</summary>
    private const string SessionSettings = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed";

    /// <summary>The two halves of an advisory lock's key: "land", and what it is for.</summary>
    private const string HoldKey = "1818324580, 1";

    private const string EndHolder = """
        SELECT pg_terminate_backend(pid) FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 1818324580 AND objid = 1 AND pid <> pg_backend_pid()
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    private static readonly TimeSpan HandoverTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandoverPause = TimeSpan.FromMilliseconds(100);

    public PostgresConnections(NpgsqlConnectionStringBuilder address)
    {
        Description = $"PostgreSQL database '{address.Database}' at {address.Host}:{address.Port}";
        address.ApplicationName ??= "landfall";
        address.Options = $"{address.Options} {SessionSettings}".Trim();
        DataSource = NpgsqlDataSource.Create(address);
    }

    public NpgsqlDataSource DataSource { get; }

    public override string Description { get; }

    public override string ForShare => " FOR SHARE";

    public override string ForUpdate => " FOR UPDATE";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellation) =>
        await DataSource.OpenConnectionAsync(cancellation).ConfigureAwait(false);

    /// <summary>A lock of the session: it ends with the connection, so with the process however that ends.</summary>
    public override async Task<IAsyncDisposable> HoldAsync(bool takeOver, CancellationToken cancellation)
    {
        var connection = await OpenAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (takeOver)
            {
                using var end = connection.CreateCommand(EndHolder);
                await end.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            }

            // A holder that has just ended, or is being ended, needs a moment.
            using var take = connection.CreateCommand($"SELECT pg_try_advisory_lock({HoldKey})");
            for (var waited = TimeSpan.Zero; waited < HandoverTime; waited += HandoverPause)
            {
                if (await take.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
                {
                    return connection;
                }

                await Task.Delay(HandoverPause, cancellation).ConfigureAwait(false);
            }

            throw new DatabaseInUseException(Description);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override void Forget() => DataSource.Clear();

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
