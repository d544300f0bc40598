using System.Runtime.InteropServices;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;

namespace Landfall.Platform.Evaluation;

/// <summary>
/// Answers by (candidate, example) and scores by (candidate, example, metric): what has been paid for is not paid for
/// again. Writing the same twice changes nothing.
/// </summary>
public sealed class MeasurementStore(DatabaseConnections connections, ServerFence fence)
{
    /// <summary>The stored answers of a candidate, by example.</summary>
    public async Task<IReadOnlyDictionary<string, Observation>> LoadAnswersAsync(string candidate, IReadOnlyList<Row> rows, CancellationToken cancellation)
    {
        var wanted = rows.DistinctBy(r => r.Id, StringComparer.Ordinal).ToDictionary(r => r.Id, StringComparer.Ordinal);
        var found = new Dictionary<string, Observation>(StringComparer.Ordinal);
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand(
            "SELECT \"Example\", \"Got\", \"Confidence\", \"LatencyMs\", \"Tokens\", \"CostUsd\", \"Call\" FROM answers WHERE \"Candidate\" = @candidate").With("@candidate", candidate);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (wanted.TryGetValue(reader.GetString(0), out var row))
            {
                found[row.Id] = new Observation(
                    row, reader.GetString(1), await reader.IsDBNullAsync(2, cancellation).ConfigureAwait(false) ? null : reader.GetDouble(2),
                    reader.GetDouble(3), reader.GetInt64(4), (decimal)reader.GetDouble(5), await reader.IsDBNullAsync(6, cancellation).ConfigureAwait(false) ? null : reader.GetString(6));
            }
        }

        return found;
    }

    public Task AddAnswersAsync(string candidate, IReadOnlyList<Observation> answers, CancellationToken cancellation) => WriteAsync(
        "INSERT INTO answers (\"Candidate\", \"Example\", \"Got\", \"Confidence\", \"LatencyMs\", \"Tokens\", \"CostUsd\", \"Call\") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7) ON CONFLICT DO NOTHING",
        answers.Select(a => new object?[] { candidate, a.Row.Id, a.Got, a.Confidence, a.LatencyMs, a.Tokens, (double)a.CostUsd, a.Call }),
        cancellation);

    /// <summary>The stored scores of a candidate by one metric, by example; null: the example does not count.</summary>
    public async Task<Dictionary<string, double[]?>> LoadScoresAsync(string candidate, string metric, CancellationToken cancellation)
    {
        var found = new Dictionary<string, double[]?>(StringComparer.Ordinal);
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand(
            "SELECT \"Example\", \"Values\" FROM scores WHERE \"Candidate\" = @candidate AND \"Metric\" = @metric").With("@candidate", candidate).With("@metric", metric);
        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found[reader.GetString(0)] = reader.GetValue(1) is byte[] bytes ? MemoryMarshal.Cast<byte, double>(bytes).ToArray() : null;
        }

        return found;
    }

    public Task AddScoresAsync(string candidate, string metric, IReadOnlyList<(string Example, double[]? Values)> scores, CancellationToken cancellation) => WriteAsync(
        "INSERT INTO scores (\"Candidate\", \"Example\", \"Metric\", \"Values\") VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING",
        scores.Select(s => new object?[] { candidate, s.Example, metric, s.Values is null ? null : MemoryMarshal.AsBytes<double>(s.Values).ToArray() }),
        cancellation);

    private async Task WriteAsync(string sql, IEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        using var write = await connections.BeginWriteAsync(fence, cancellation).ConfigureAwait(false);
        await write.ExecuteAsync(sql, rows, cancellation).ConfigureAwait(false);
        await write.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
