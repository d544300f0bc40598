using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Candidates;

/// <summary>A trained candidate: its artifact, and what training took.</summary>
public sealed record StoredCandidate(string Hash, string Technique, string ArtifactSha256, TrainingRecord Training);

/// <summary>Trained candidates by hash: the same technique, settings and data are trained once.</summary>
public sealed class CandidateStore(IDbContextFactory<LandfallDatabase> databases)
{
    public async Task<StoredCandidate?> FindAsync(string hash, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var entity = await database.Candidates.AsNoTracking().SingleOrDefaultAsync(c => c.Hash == hash, cancellation).ConfigureAwait(false);
            return entity is null
                ? null
                : new StoredCandidate(entity.Hash, entity.Technique, entity.ArtifactSha256, JsonSerializer.Deserialize<TrainingRecord>(entity.TrainingJson, RunJson.Options)!);
        }
    }

    public async Task AddAsync(StoredCandidate candidate, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var transaction = await database.BeginExclusiveAsync($"candidate/{candidate.Hash}", cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                if (await database.Candidates.AnyAsync(c => c.Hash == candidate.Hash, cancellation).ConfigureAwait(false))
                {
                    return;
                }

                database.Candidates.Add(new CandidateEntity
                {
                    Hash = candidate.Hash,
                    Technique = candidate.Technique,
                    ArtifactSha256 = candidate.ArtifactSha256,
                    TrainingJson = JsonSerializer.Serialize(candidate.Training, RunJson.Options),
                });
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }
}
