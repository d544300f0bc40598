using System.Data.Common;

namespace Landfall.Platform.Storage;

/// <summary>A transaction of the server that owns the database. Disposed without a commit, it has changed nothing.</summary>
public sealed class FencedWrite(DbConnection connection, DbTransaction transaction) : IDisposable
{
    /// <summary>Rows that travel together: a round trip each would make a far database slow.</summary>
    private const int BatchRows = 500;

    /// <summary>A command of this transaction.</summary>
    public DbCommand CreateCommand(string sql)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        return command;
    }

    /// <summary>Runs a statement once per row; its parameters are <c>@p0</c>, <c>@p1</c>, ... in the order of the row's values.</summary>
    public async Task ExecuteAsync(string sql, IEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        if (!connection.CanCreateBatch)
        {
            foreach (var row in rows)
            {
                using var command = CreateCommand(sql);
                AddValues(command.Parameters, command.CreateParameter, row);
                await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            }

            return;
        }

        foreach (var chunk in rows.Chunk(BatchRows))
        {
            using var batch = connection.CreateBatch();
            batch.Transaction = transaction;
            foreach (var row in chunk)
            {
                var command = batch.CreateBatchCommand();
                command.CommandText = sql;
                AddValues(command.Parameters, command.CreateParameter, row);
                batch.BatchCommands.Add(command);
            }

            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    public Task CommitAsync(CancellationToken cancellation) => transaction.CommitAsync(cancellation);

    public void Dispose()
    {
        transaction.Dispose();
        connection.Dispose();
    }

    private static void AddValues(DbParameterCollection parameters, Func<DbParameter> create, object?[] row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var parameter = create();
            (parameter.ParameterName, parameter.Value) = ($"@p{i}", row[i] ?? DBNull.Value);
            parameters.Add(parameter);
        }
    }
}
