using Landfall.Platform.Access;
using Landfall.Platform.Storage;
using Landfall.Protocol.Labelling;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Labelling;

/// <summary>Labellings, claims, and the history of labels.</summary>
public sealed class LabellingStore(IDbContextFactory<LandfallDatabase> databases, TimeProvider time)
{
    public Task AddAsync(LabellingEntity labelling, CancellationToken cancellation) => ChangeAsync(
        database =>
        {
            database.Add(labelling);
            return Task.CompletedTask;
        },
        cancellation);

    /// <summary>All labellings, newest first.</summary>
    public async Task<IReadOnlyList<LabellingEntity>> ListAsync(CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<LabellingEntity>().AsNoTracking().OrderByDescending(l => l.CreatedAt).ThenByDescending(l => l.Id).Take(500).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async Task<LabellingEntity?> FindAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<LabellingEntity>().AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, cancellation).ConfigureAwait(false);
        }
    }

    public Task SetExportedAsync(string id, string version, CancellationToken cancellation) => ChangeAsync(
        async database => (await database.Set<LabellingEntity>().SingleAsync(l => l.Id == id, cancellation).ConfigureAwait(false)).ExportedVersion = version,
        cancellation);

    /// <summary>The history after an entry, oldest first.</summary>
    public async Task<IReadOnlyList<LabelEvent>> EventsAsync(string id, long after, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var events = await database.Set<LabelEventEntity>().AsNoTracking().Where(e => e.Labelling == id && e.Seq > after).OrderBy(e => e.Seq).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. events.Select(e => new LabelEvent(e.Seq, e.Row, e.Annotator, Enum.Parse<LabelAction>(e.Action, ignoreCase: true), e.Value, e.By, e.At))];
        }
    }

    /// <summary>Adds an entry after all others, and ends the annotator's claim on the row.</summary>
    public Task AppendAsync(string id, int row, string annotator, LabelAction action, string? value, CancellationToken cancellation) => ChangeAsync(
        async database =>
        {
            var last = await database.Set<LabelEventEntity>().Where(e => e.Labelling == id).MaxAsync(e => (long?)e.Seq, cancellation).ConfigureAwait(false) ?? 0;
            database.Add(new LabelEventEntity
            {
                Labelling = id,
                Seq = last + 1,
                Row = row,
                Annotator = annotator,
                Action = action.ToString().ToLowerInvariant(),
                Value = value,
                By = Caller.Current.Name,
                At = time.GetUtcNow(),
            });
            database.RemoveRange(await database.Set<LabelClaimEntity>().Where(c => c.Labelling == id && c.Row == row && c.Annotator == annotator).ToListAsync(cancellation).ConfigureAwait(false));
        },
        cancellation);

    /// <summary>Claims that have not expired.</summary>
    public async Task<IReadOnlyList<LabelClaimEntity>> ClaimsAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var now = time.GetUtcNow();
            return await database.Set<LabelClaimEntity>().AsNoTracking().Where(c => c.Labelling == id && c.ExpiresAt > now).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Claims a slot of a row; false when another annotator was faster.</summary>
    public async Task<bool> ClaimAsync(string id, int row, int slot, string annotator, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        try
        {
            await ChangeAsync(
                async database =>
                {
                    var now = time.GetUtcNow();
                    var held = await database.Set<LabelClaimEntity>().Where(c => c.Labelling == id && c.Row == row && (c.Slot == slot || c.Annotator == annotator)).ToListAsync(cancellation).ConfigureAwait(false);
                    if (held.Find(c => c.Slot == slot) is { } taken)
                    {
                        if (taken.Annotator != annotator && taken.ExpiresAt > now)
                        {
                            throw new SlotTakenException();
                        }

                        (taken.Annotator, taken.ExpiresAt) = (annotator, expiresAt);
                    }
                    else
                    {
                        database.RemoveRange(held);
                        database.Add(new LabelClaimEntity { Labelling = id, Row = row, Slot = slot, Annotator = annotator, ExpiresAt = expiresAt });
                    }
                },
                cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is SlotTakenException or DbUpdateException)
        {
            return false;
        }
    }

    private async Task ChangeAsync(Func<LandfallDatabase, Task> change, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var transaction = await database.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await change(database).ConfigureAwait(false);
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private sealed class SlotTakenException : Exception;
}
