using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>Proposals and what was decided on them.</summary>
public sealed class CleaningStore(IDbContextFactory<LandfallDatabase> databases, TimeProvider time)
{
    /// <summary>Adds a proposal; one that is there already (a resumed run) stays as it is.</summary>
    public async Task AddAsync(CleaningEntity proposal, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            if (!await database.Set<CleaningEntity>().AnyAsync(c => c.Id == proposal.Id, cancellation).ConfigureAwait(false))
            {
                database.Add(proposal);
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>All proposals, newest first.</summary>
    public async Task<IReadOnlyList<CleaningEntity>> ListAsync(string? dataset, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<CleaningEntity>().AsNoTracking().Where(c => dataset == null || c.Dataset == dataset)
                .OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id).Take(500).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async Task<CleaningEntity?> FindAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<CleaningEntity>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>All decisions, oldest first.</summary>
    public async Task<IReadOnlyList<CleaningDecisionEntity>> DecisionsAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<CleaningDecisionEntity>().AsNoTracking().Where(d => d.Cleaning == id).OrderBy(d => d.Seq).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a decision after all others.</summary>
    public async Task DecideAsync(string id, CleaningDecision decision, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var transaction = await database.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var last = await database.Set<CleaningDecisionEntity>().Where(d => d.Cleaning == id).MaxAsync(d => (long?)d.Seq, cancellation).ConfigureAwait(false) ?? 0;
                database.Add(new CleaningDecisionEntity
                {
                    Cleaning = id,
                    Seq = last + 1,
                    Verdict = JsonNamingPolicy.KebabCaseLower.ConvertName(decision.Verdict.ToString()),
                    Change = decision.Change,
                    Step = decision.Step,
                    MinConfidence = decision.MinConfidence,
                    By = Caller.Current.Name,
                    At = time.GetUtcNow(),
                });
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Notes the version that came of a proposal.</summary>
    public async Task SetAppliedAsync(string id, string version, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            (await database.Set<CleaningEntity>().SingleAsync(c => c.Id == id, cancellation).ConfigureAwait(false)).AppliedVersion = version;
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }
    }

    internal static IReadOnlyList<CleaningPart> PartsOf(CleaningEntity proposal) => JsonSerializer.Deserialize<List<CleaningPart>>(proposal.PartsJson, RunJson.Options)!;
}
