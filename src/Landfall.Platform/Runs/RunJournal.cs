using System.Globalization;
using System.Text.Json;
using Landfall.Platform.Storage;
using Landfall.Protocol.Runs;

namespace Landfall.Platform.Runs;

/// <summary>
/// The journals of all runs: append-only, unique by run and sequence number, on disk when an append returns. Every write
/// carries the epoch of the run's owner and of the server, and is refused when either has been replaced.
/// </summary>
public sealed class RunJournal(DatabaseConnections connections, ServerFence server, TimeProvider time)
{
    /// <summary>Makes the caller the run's owner, and returns its epoch. Earlier owners can write nothing more.</summary>
    /// <exception cref="KeyNotFoundException">There is no such run.</exception>
    /// <exception cref="FencedException">Another server owns the data folder.</exception>
    public async Task<long> ClaimAsync(string runId, CancellationToken cancellation)
    {
        using var write = await connections.BeginWriteAsync(server, cancellation).ConfigureAwait(false);
        using var command = write.CreateCommand("UPDATE runs SET \"Epoch\" = \"Epoch\" + 1 WHERE \"Id\" = @run RETURNING \"Epoch\"").With("@run", runId);
        var epoch = await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as long? ?? throw new KeyNotFoundException($"There is no run '{runId}'.");
        await write.CommitAsync(cancellation).ConfigureAwait(false);
        return epoch;
    }

    public async Task<IReadOnlyList<JournalEntry>> LoadAsync(string runId, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand(
            "SELECT \"Seq\", \"Epoch\", \"Kind\", \"Step\", \"At\", \"Payload\" FROM journal WHERE \"RunId\" = @run ORDER BY \"Seq\"").With("@run", runId);
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
        using var write = await BeginAsync(runId, epoch, cancellation).ConfigureAwait(false);
        var entry = await AppendAsync(write, runId, epoch, seq, kind, step, payload, cancellation).ConfigureAwait(false);
        await write.CommitAsync(cancellation).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Appends a <c>state</c> entry and sets the run's state with it, in one transaction.</summary>
    public async Task<JournalEntry> TransitAsync(
        string runId, long epoch, long seq, RunState state, string message, string? error, JsonElement? result, CancellationToken cancellation)
    {
        using var write = await BeginAsync(runId, epoch, cancellation).ConfigureAwait(false);
        var name = JsonNamingPolicyName(state);
        var payload = RunJson.ToElement(new { state = name, error });
        var entry = await AppendAsync(write, runId, epoch, seq, "state", name, payload, cancellation).ConfigureAwait(false);
        using var command = write.CreateCommand(
                "UPDATE runs SET \"State\" = @state, \"Message\" = @message, \"Error\" = @error, \"ResultJson\" = @result, \"EndedAt\" = @ended WHERE \"Id\" = @run")
            .With("@run", runId).With("@state", name).With("@message", message).With("@error", error).With("@result", result?.GetRawText())
            .With("@ended", state is RunState.Running or RunState.Pending ? null : time.GetUtcNow().ToUnixTimeMilliseconds());
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await write.CommitAsync(cancellation).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Writes lines to the run's log; those that are there already stay.</summary>
    public async Task AppendLogAsync(string runId, long epoch, IReadOnlyList<RunLogLine> lines, CancellationToken cancellation)
    {
        using var write = await BeginAsync(runId, epoch, cancellation).ConfigureAwait(false);
        await write.ExecuteAsync(
            "INSERT INTO run_logs (\"RunId\", \"Seq\", \"Level\", \"Message\", \"At\") VALUES (@p0, @p1, @p2, @p3, @p4) ON CONFLICT DO NOTHING",
            lines.Select(l => new object?[] { runId, l.Seq, l.Level, l.Message, l.At.ToUnixTimeMilliseconds() }),
            cancellation).ConfigureAwait(false);
        await write.CommitAsync(cancellation).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<RunLogLine>> LoadLogAsync(string runId, CancellationToken cancellation)
    {
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand(
            "SELECT \"Seq\", \"At\", \"Level\", \"Message\" FROM run_logs WHERE \"RunId\" = @run ORDER BY \"Seq\"").With("@run", runId);
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

    /// <summary>Begins a write of the run's owner. The locks on both epochs hold off a newer owner until it has ended.</summary>
    private async Task<FencedWrite> BeginAsync(string runId, long epoch, CancellationToken cancellation)
    {
        var write = await connections.BeginWriteAsync(server, cancellation).ConfigureAwait(false);
        try
        {
            using var owner = write.CreateCommand($"SELECT \"Epoch\" FROM runs WHERE \"Id\" = @run{connections.ForUpdate}").With("@run", runId);
            return await owner.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as long? == epoch ? write : throw new FencedException($"Run {runId}");
        }
        catch
        {
            write.Dispose();
            throw;
        }
    }

    private async Task<JournalEntry> AppendAsync(
        FencedWrite write, string runId, long epoch, long seq, string kind, string step, JsonElement payload, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var command = write.CreateCommand(
                "INSERT INTO journal (\"RunId\", \"Seq\", \"Epoch\", \"Kind\", \"Step\", \"Payload\", \"At\") VALUES (@run, @seq, @epoch, @kind, @step, @payload, @at)")
            .With("@run", runId).With("@seq", seq).With("@epoch", epoch).With("@kind", kind).With("@step", step)
            .With("@payload", payload.GetRawText()).With("@at", now.ToUnixTimeMilliseconds());
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        return new JournalEntry(seq, epoch, kind, step, now, payload);
    }
}
