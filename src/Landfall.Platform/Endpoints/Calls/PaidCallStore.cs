using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Endpoints.Calls;

/// <summary>The ledger of paid calls. Every write is on disk when it returns, and is refused when another server owns the data.</summary>
public sealed class PaidCallStore(IDbContextFactory<LandfallDatabase> databases)
{
    public const string Asked = "asked";
    public const string Answered = "answered";
    public const string Failed = "failed";

    public async Task<PaidCallEntity?> FindAsync(string identity, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<PaidCallEntity>().AsNoTracking().SingleOrDefaultAsync(c => c.Identity == identity, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Notes that the call is about to be made; one that was begun before and has no answer is begun again.</summary>
    public async Task BeginAsync(PaidCallEntity call, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var begun = await database.Set<PaidCallEntity>().SingleOrDefaultAsync(c => c.Identity == call.Identity, cancellation).ConfigureAwait(false);
            if (begun is null)
            {
                database.Add(call);
            }
            else
            {
                (begun.State, begun.AskedAt, begun.Purpose, begun.Run, begun.Error) = (Asked, call.AskedAt, call.Purpose, call.Run, null);
            }

            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Notes how the call ended. Not to be cancelled: it may have been paid for.</summary>
    public async Task EndAsync(string identity, Action<PaidCallEntity> note)
    {
        var database = await databases.CreateDbContextAsync(CancellationToken.None).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var call = await database.Set<PaidCallEntity>().SingleAsync(c => c.Identity == identity, CancellationToken.None).ConfigureAwait(false);
            note(call);
            await database.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>What a run has paid so far, in US dollars.</summary>
    public async Task<decimal> SpentAsync(string run, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return (decimal)await database.Set<PaidCallEntity>().Where(c => c.Run == run && c.State == Answered).SumAsync(c => c.CostUsd, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Calls, newest first; of one run, or all.</summary>
    public async Task<IReadOnlyList<PaidCallEntity>> ListAsync(string? run, int offset, int limit, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<PaidCallEntity>().AsNoTracking().Where(c => run == null || c.Run == run)
                .OrderByDescending(c => c.AskedAt).ThenBy(c => c.Identity).Skip(offset).Take(limit).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }
}
