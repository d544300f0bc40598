using System.Data.Common;
using Npgsql;

namespace Landfall.Platform.Storage;

/// <summary>Connections to a PostgreSQL database.</summary>
internal sealed class PostgresConnections : DatabaseConnections, IAsyncDisposable
{
    /// <summary>A commit is on disk when it returns, and a lock reads what is newest, whatever the server's own defaults are.</summary>
    private const string SessionSettings = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed";

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

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
