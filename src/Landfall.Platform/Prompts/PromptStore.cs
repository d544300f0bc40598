using Landfall.Platform.Access;
using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Prompts;

/// <summary>Named prompts: immutable versions, labels that move, and a history of both.</summary>
public sealed class PromptStore(IDbContextFactory<LandfallDatabase> databases, TimeProvider time)
{
    public const string Added = "added";
    public const string Labelled = "labelled";

    /// <summary>The newest version of each prompt, by name.</summary>
    public async Task<IReadOnlyList<(PromptVersionEntity Newest, IReadOnlyList<PromptLabelEntity> Labels)>> ListAsync(CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var versions = database.Set<PromptVersionEntity>().AsNoTracking();
            var newest = await versions.Where(v => !versions.Any(o => o.Name == v.Name && o.Number > v.Number)).OrderBy(v => v.Name).ToListAsync(cancellation).ConfigureAwait(false);
            var labels = (await database.Set<PromptLabelEntity>().AsNoTracking().ToListAsync(cancellation).ConfigureAwait(false)).ToLookup(l => l.Name, StringComparer.Ordinal);
            return [.. newest.Select(v => (v, (IReadOnlyList<PromptLabelEntity>)[.. labels[v.Name].OrderBy(l => l.Label, StringComparer.Ordinal)]))];
        }
    }

    /// <summary>All versions of a prompt, newest first.</summary>
    public async Task<IReadOnlyList<PromptVersionEntity>> VersionsAsync(string name, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<PromptVersionEntity>().AsNoTracking().Where(v => v.Name == name).OrderByDescending(v => v.Number).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<PromptLabelEntity>> LabelsAsync(string name, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<PromptLabelEntity>().AsNoTracking().Where(l => l.Name == name).OrderBy(l => l.Label).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What happened to a prompt, newest first.</summary>
    public async Task<IReadOnlyList<PromptEventEntity>> HistoryAsync(string name, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await database.Set<PromptEventEntity>().AsNoTracking().Where(e => e.Name == name).OrderByDescending(e => e.Id).ToListAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The version that a reference names: <c>name</c> (newest), <c>name@label</c>, <c>name@3</c> or <c>name@hash</c>.</summary>
    public async Task<PromptVersionEntity?> FindAsync(string reference, CancellationToken cancellation)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var (name, which) = at < 0 ? (reference, "") : (reference[..at], reference[(at + 1)..]);
        var versions = await VersionsAsync(name, cancellation).ConfigureAwait(false);
        if (which.Length == 0)
        {
            return versions.Count > 0 ? versions[0] : null;
        }

        var labels = await LabelsAsync(name, cancellation).ConfigureAwait(false);
        var hash = labels.FirstOrDefault(l => l.Label == which)?.Hash ?? which;
        return versions.FirstOrDefault(v => v.Hash == hash) ?? (int.TryParse(which, System.Globalization.CultureInfo.InvariantCulture, out var number) ? versions.FirstOrDefault(v => v.Number == number) : null);
    }

    /// <summary>Adds a version. The same text again is the version that is there.</summary>
    public async Task<PromptVersionEntity> AddAsync(string name, string text, string note, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var hash = PromptText.HashOf(text);
            var versions = database.Set<PromptVersionEntity>();
            if (await versions.AsNoTracking().SingleOrDefaultAsync(v => v.Name == name && v.Hash == hash, cancellation).ConfigureAwait(false) is { } there)
            {
                return there;
            }

            var number = (await versions.Where(v => v.Name == name).MaxAsync(v => (int?)v.Number, cancellation).ConfigureAwait(false) ?? 0) + 1;
            var added = new PromptVersionEntity { Name = name, Hash = hash, Number = number, Text = text, Note = note, CreatedBy = Caller.Current.Name, CreatedAt = time.GetUtcNow() };
            database.Add(added);
            database.Add(new PromptEventEntity { Name = name, What = Added, Hash = hash, By = Caller.Current.Name, At = time.GetUtcNow() });
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return added;
        }
    }

    /// <summary>Moves a label to a version, and notes from where.</summary>
    public async Task LabelAsync(PromptVersionEntity version, string label, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var there = await database.Set<PromptLabelEntity>().SingleOrDefaultAsync(l => l.Name == version.Name && l.Label == label, cancellation).ConfigureAwait(false);
            if (there?.Hash == version.Hash)
            {
                return;
            }

            var before = there?.Hash;
            if (there is null)
            {
                database.Add(new PromptLabelEntity { Name = version.Name, Label = label, Hash = version.Hash });
            }
            else
            {
                there.Hash = version.Hash;
            }

            database.Add(new PromptEventEntity
            {
                Name = version.Name,
                What = Labelled,
                Hash = version.Hash,
                Label = label,
                Before = before,
                By = Caller.Current.Name,
                At = time.GetUtcNow(),
            });
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }
    }
}
