using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Landfall.Platform.Evaluation;

/// <summary>What more is known of a candidate's answer to an example: a judge's verdict, a further answer, a conversation.</summary>
public sealed class EvidenceEntity
{
    public required string Candidate { get; set; }

    public required string Example { get; set; }

    /// <summary>What it is: <c>repeat/1</c>, <c>judge/KEY/0</c>, <c>conversation/KEY</c>.</summary>
    public required string Kind { get; set; }

    public required string Json { get; set; }
}

internal sealed class EvidenceConfiguration : IEntityTypeConfiguration<EvidenceEntity>
{
    public void Configure(EntityTypeBuilder<EvidenceEntity> builder)
    {
        builder.ToTable("evidence");
        builder.HasKey(e => new { e.Candidate, e.Example, e.Kind });
    }
}

/// <summary>Evidence by (candidate, example, kind): what has been paid for is not paid for again. Writing the same twice changes nothing.</summary>
public sealed class EvidenceStore(DatabaseConnections connections, ServerFence fence)
{
    /// <summary>The stored evidence of a kind, by example.</summary>
    public async Task<Dictionary<string, T>> LoadAsync<T>(string candidate, string kind, CancellationToken cancellation)
    {
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        using var connection = await connections.OpenAsync(cancellation).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"Example\", \"Json\" FROM evidence WHERE \"Candidate\" = @candidate AND \"Kind\" = @kind";
        foreach (var (name, value) in new[] { ("@candidate", candidate), ("@kind", kind) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found[reader.GetString(0)] = JsonSerializer.Deserialize<T>(reader.GetString(1), RunJson.Options)!;
        }

        return found;
    }

    public async Task AddAsync<T>(string candidate, string kind, IReadOnlyCollection<(string Example, T Value)> evidence, CancellationToken cancellation)
    {
        using var write = await connections.BeginWriteAsync(fence, cancellation).ConfigureAwait(false);
        await write.ExecuteAsync(
            "INSERT INTO evidence (\"Candidate\", \"Example\", \"Kind\", \"Json\") VALUES (@p0, @p1, @p2, @p3) ON CONFLICT DO NOTHING",
            evidence.Select(e => new object?[] { candidate, e.Example, kind, JsonSerializer.Serialize(e.Value, RunJson.Options) }),
            cancellation).ConfigureAwait(false);
        await write.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
