using System.Data.Common;

namespace Landfall.Platform.Storage;

/// <summary>
/// Opens connections for the hot tables, with the same durability as the rest. Their SQL runs on every database: quoted
/// names, parameters with <c>@</c>, <c>ON CONFLICT</c>.
/// </summary>
public abstract class DatabaseConnections
{
    /// <summary>Which database it is, for people; no password is in it.</summary>
    public abstract string Description { get; }

    /// <summary>Ends a <c>SELECT</c> whose rows must stay as they are until the transaction ends; others may read them so too.</summary>
    public abstract string ForShare { get; }

    /// <summary>Ends a <c>SELECT</c> whose rows the transaction may change.</summary>
    public abstract string ForUpdate { get; }

    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellation);

    /// <summary>Makes this server the only one on the database until the result is disposed.</summary>
    /// <param name="takeOver">End the connection that holds the database now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DatabaseInUseException">Another server holds it.</exception>
    public abstract Task<IAsyncDisposable> HoldAsync(bool takeOver, CancellationToken cancellation);

    /// <summary>Forgets idle connections: after an outage they lead nowhere.</summary>
    public abstract void Forget();

    /// <summary>Begins a transaction that has found this server to be the owner, and stays right about it to its end.</summary>
    /// <exception cref="FencedException">Another server owns the database.</exception>
    public async Task<FencedWrite> BeginWriteAsync(ServerFence fence, CancellationToken cancellation)
    {
        var connection = await OpenAsync(cancellation).ConfigureAwait(false);
        DbTransaction? transaction = null;
        try
        {
            // On SQLite this takes the one write lock at once.
            transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            var write = new FencedWrite(connection, transaction);
            using var owner = write.CreateCommand($"SELECT \"Epoch\" FROM server WHERE \"Id\" = 1{ForShare}");
            fence.Check(await owner.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as long?);
            return write;
        }
        catch
        {
            if (transaction is not null)
            {
                await transaction.DisposeAsync().ConfigureAwait(false);
            }

            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
