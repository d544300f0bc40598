using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Drafts;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Drafts;

/// <summary>The drafts' table.</summary>
public sealed class DraftStore(IDbContextFactory<LandfallDatabase> databases, TimeProvider time)
{
    /// <summary>What the origin of a draft begins with; a folder's is a bare hash.</summary>
    private const string OriginPrefix = "draft:";

    public static string OriginOf(string id) => OriginPrefix + id;

    /// <summary>The draft that an app is landed from, or null when it is landed from a folder.</summary>
    public static string? IdOf(string origin) => origin.StartsWith(OriginPrefix, StringComparison.Ordinal) ? origin[OriginPrefix.Length..] : null;

    /// <summary>All drafts, last changed first.</summary>
    public async Task<IReadOnlyList<Draft>> ListAsync(CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var found = await database.Set<DraftEntity>().AsNoTracking().OrderByDescending(d => d.ChangedAt).ThenBy(d => d.Id).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. found.Select(ToDraft)];
        }
    }

    public async Task<Draft?> FindAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<DraftEntity>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, cancellation).ConfigureAwait(false) is { } found ? ToDraft(found) : null;
        }
    }

    public async Task<Draft> AddAsync(
        string text, IReadOnlyDictionary<string, FileReference> files, IReadOnlyList<string> assumptions, DraftSource? source, string? copyOf, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var draft = new DraftEntity
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            Revision = 1,
            Text = text,
            FilesJson = JsonSerializer.Serialize(files, RunJson.Options),
            AssumptionsJson = JsonSerializer.Serialize(assumptions, RunJson.Options),
            SourceJson = source is null ? null : JsonSerializer.Serialize(source, RunJson.Options),
            CopyOf = copyOf,
            ChangedAt = now,
            ChangedBy = Caller.Current.Name,
        };
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            database.Set<DraftEntity>().Add(draft);
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return ToDraft(draft);
        }
    }

    /// <summary>Changes the text. Null: the draft is gone, or has another revision by now.</summary>
    public async Task<Draft?> ChangeAsync(string id, DraftChange change, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            if (await database.Set<DraftEntity>().SingleOrDefaultAsync(d => d.Id == id, cancellation).ConfigureAwait(false) is not { } draft || draft.Revision != change.Revision)
            {
                return null;
            }

            (draft.Text, draft.ChangedAt, draft.ChangedBy) = (change.Text, time.GetUtcNow(), Caller.Current.Name);
            draft.Revision++;
            try
            {
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                return ToDraft(draft);
            }
            catch (DbUpdateConcurrencyException)
            {
                return null;
            }
        }
    }

    /// <returns>Whether there was one.</returns>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            if (await database.Set<DraftEntity>().SingleOrDefaultAsync(d => d.Id == id, cancellation).ConfigureAwait(false) is not { } draft)
            {
                return false;
            }

            database.Set<DraftEntity>().Remove(draft);
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return true;
        }
    }

    private static Draft ToDraft(DraftEntity draft) => new()
    {
        Id = draft.Id,
        Revision = draft.Revision,
        Text = draft.Text,
        Files = JsonSerializer.Deserialize<Dictionary<string, FileReference>>(draft.FilesJson, RunJson.Options)!,
        Origin = OriginOf(draft.Id),
        Source = draft.SourceJson is null ? null : JsonSerializer.Deserialize<DraftSource>(draft.SourceJson, RunJson.Options),
        CopyOf = draft.CopyOf,
        Assumptions = JsonSerializer.Deserialize<string[]>(draft.AssumptionsJson, RunJson.Options)!,
        ChangedAt = draft.ChangedAt,
        ChangedBy = draft.ChangedBy,
    };
}
