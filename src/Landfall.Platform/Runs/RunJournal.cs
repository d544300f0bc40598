using System.Globalization;
using System.Text.Json;
using Landfall.Platform.Storage;
using Landfall.Protocol.Runs;
using Microsoft.Data.Sqlite;

namespace Landfall.Platform.Runs;

/// <summary>
/// The journals of all runs: append-only, unique by run and sequence number, on disk when an append returns. Every write
/// carries the epoch of the run's owner and of the server, and is refused when either has been replaced.
/// </summary>
public sealed class RunJournal(DatabaseConnections connections, ServerFence server, TimeProvider time)
{
    private const string Fence =
        "(SELECT Epoch FROM runs WHERE Id = $run) = $epoch AND (SELECT Epoch FROM server WHERE Id = 1) = $server";

    /// <summary>Makes the caller the run's owner, and returns its epoch. Earlier owners can write nothing more.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="FencedException">Another server owns the data folder.</exception>
    public async Task<long> ClaimAsync(string runId, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "UPDATE runs SET Epoch = Epoch + 1 WHERE Id = $run AND (SELECT Epoch FROM server WHERE Id = 1) = $server RETURNING Epoch";
        command.Parameters.AddWithValue("$run", runId);
        command.Parameters.AddWithValue("$server", server.Epoch);
        if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is long epoch)
        {
            return epoch;
        }

        command.CommandText = "SELECT COUNT(*) FROM runs WHERE Id = $run";
        throw await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is 0L
            ? new KeyNotFoundException($"There is no run '{runId}'.")
            : server.Report();
    }

    public async Task<IReadOnlyList<JournalEntry>> LoadAsync(string runId, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Seq, Epoch, Kind, Step, At, Payload FROM journal WHERE RunId = $run ORDER BY Seq";
        command.Parameters.AddWithValue("$run", runId);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var entries = new List<JournalEntry>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            using var payload = JsonDocument.Parse(reader.GetString(5));
            entries.Add(new JournalEntry(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)), payload.RootElement.Clone()));
        }

        return entries;
    }

    /// <summary>Appends an entry. It is on disk when this returns.</summary>
    /// <exception cref="FencedException">The run or the data folder has a newer owner; nothing was written.</exception>
    public async Task<JournalEntry> AppendAsync(
        string runId, long epoch, long seq, string kind, string step, JsonElement payload, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        return await AppendAsync(connection, runId, epoch, seq, kind, step, payload, cancellation).ConfigureAwait(false);
    }

    /// <summary>Appends a <c>state</c> entry and sets the run's state with it, in one transaction.</summary>
    public async Task<JournalEntry> TransitAsync(
        string runId, long epoch, long seq, RunState state, string message, string? error, JsonElement? result, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var transaction = connection.BeginTransaction();
        var name = JsonNamingPolicyName(state);
        var payload = RunJson.ToElement(new { state = name, error });
        var entry = await AppendAsync(connection, runId, epoch, seq, "state", name, payload, cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText =
            "UPDATE runs SET State = $state, Message = $message, Error = $error, ResultJson = $result, EndedAt = $ended WHERE Id = $run";
        command.Parameters.AddWithValue("$run", runId);
        command.Parameters.AddWithValue("$state", name);
        command.Parameters.AddWithValue("$message", message);
        command.Parameters.AddWithValue("$error", (object?)error ?? DBNull.Value);
        command.Parameters.AddWithValue("$result", (object?)result?.GetRawText() ?? DBNull.Value);
        command.Parameters.AddWithValue("$ended", state is RunState.Running or RunState.Pending ? DBNull.Value : time.GetUtcNow().ToUnixTimeMilliseconds());
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Writes lines to the run's log.</summary>
    public async Task AppendLogAsync(string runId, long epoch, IReadOnlyList<RunLogLine> lines, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"INSERT INTO run_logs (RunId, Seq, Level, Message, At) SELECT $run, $seq, $level, $message, $at WHERE {Fence}";
        AddFence(command, runId, epoch);
        var seq = command.Parameters.Add("$seq", SqliteType.Integer);
        var level = command.Parameters.Add("$level", SqliteType.Text);
        var message = command.Parameters.Add("$message", SqliteType.Text);
        var at = command.Parameters.Add("$at", SqliteType.Integer);
        foreach (var line in lines)
        {
            (seq.Value, level.Value, message.Value, at.Value) = (line.Seq, line.Level, line.Message, line.At.ToUnixTimeMilliseconds());
            if (await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 0)
            {
                throw await RefusalAsync(connection, runId, cancellation).ConfigureAwait(false);
            }
        }

        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<RunLogLine>> LoadLogAsync(string runId, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Seq, At, Level, Message FROM run_logs WHERE RunId = $run ORDER BY Seq";
        command.Parameters.AddWithValue("$run", runId);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var lines = new List<RunLogLine>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            lines.Add(new RunLogLine(
                reader.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3)));
        }

        return lines;
    }

    internal static string JsonNamingPolicyName(RunState state) => state.ToString().ToLower(CultureInfo.InvariantCulture);

    private async Task<JournalEntry> AppendAsync(
        SqliteConnection connection, string runId, long epoch, long seq, string kind, string step, JsonElement payload, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"INSERT INTO journal (RunId, Seq, Epoch, Kind, Step, Payload, At) SELECT $run, $seq, $epoch, $kind, $step, $payload, $at WHERE {Fence}";
        AddFence(command, runId, epoch);
        command.Parameters.AddWithValue("$seq", seq);
        command.Parameters.AddWithValue("$kind", kind);
        command.Parameters.AddWithValue("$step", step);
        command.Parameters.AddWithValue("$payload", payload.GetRawText());
        command.Parameters.AddWithValue("$at", now.ToUnixTimeMilliseconds());
        if (await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 0)
        {
            throw await RefusalAsync(connection, runId, cancellation).ConfigureAwait(false);
        }

        return new JournalEntry(seq, epoch, kind, step, now, payload);
    }

    /// <summary>Who has taken over: a server that has lost the whole data folder has to end.</summary>
    private async Task<FencedException> RefusalAsync(SqliteConnection connection, string runId, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT Epoch FROM server WHERE Id = 1";
        var owner = await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as long?;
        return owner == server.Epoch ? new FencedException($"Run {runId}") : server.Report();
    }

    private void AddFence(SqliteCommand command, string runId, long epoch)
    {
        command.Parameters.AddWithValue("$run", runId);
        command.Parameters.AddWithValue("$epoch", epoch);
        command.Parameters.AddWithValue("$server", server.Epoch);
    }
}
