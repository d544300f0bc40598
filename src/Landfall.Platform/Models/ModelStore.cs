using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Models;

/// <summary>The models' table.</summary>
public sealed class ModelStore(IDbContextFactory<LandfallDatabase> databases, ModelContent content)
{
    /// <summary>Held while a model is added or removed: whose weights are whose does not change meanwhile.</summary>
    private const string Files = "models";

    /// <summary>All models of the team, by name.</summary>
    public async Task<IReadOnlyList<ModelSummary>> ListAsync(CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var all = await database.Set<ModelEntity>().AsNoTracking().OrderBy(m => m.Name).Select(m => m.SummaryJson).ToListAsync(cancellation).ConfigureAwait(false);
            return [.. all.Select(ToSummary)];
        }
    }

    /// <summary>All models of the team, for who cannot wait asynchronously.</summary>
    public IReadOnlyList<ModelSummary> List()
    {
        using var database = databases.CreateDbContext();
        return [.. database.Set<ModelEntity>().AsNoTracking().OrderBy(m => m.Name).Select(m => m.SummaryJson).AsEnumerable().Select(ToSummary)];
    }

    /// <summary>One model by name.</summary>
    public async Task<ModelSummary?> FindAsync(string name, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var found = await database.Set<ModelEntity>().AsNoTracking().SingleOrDefaultAsync(m => m.Name == name, cancellation).ConfigureAwait(false);
            return found is null ? null : ToSummary(found.SummaryJson);
        }
    }

    /// <summary>The model that a run was asked to work on.</summary>
    /// <exception cref="RunFailedException">It is gone, or another one has its name now.</exception>
    internal async Task<ModelSummary> FindUnchangedAsync(string name, string hash, CancellationToken cancellation) =>
        await FindAsync(name, cancellation).ConfigureAwait(false) is { } model && model.Hash == hash
            ? model
            : throw new RunFailedException($"The model '{name}' is not there any more, or is another one now.", ErrorCodes.Conflict);

    /// <summary>Why a model of this name and content cannot be added, or null.</summary>
    public async Task<string?> WhyTakenAsync(string name, string? hash, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await WhyTakenAsync(database, name, hash, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Adds a model. The same content under the same name again is the model that is there.</summary>
    /// <exception cref="RunFailedException">The name is another model's or an app's, or files of it were removed meanwhile.</exception>
    public async Task<ModelSummary> AddAsync(ModelSummary model, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var transaction = await database.BeginExclusiveAsync(Files, cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                // An app of the same name must not come to be at the same moment.
                await database.LockAsync($"app/{model.Name}", cancellation).ConfigureAwait(false);
                if (await WhyTakenAsync(database, model.Name, model.Hash, cancellation).ConfigureAwait(false) is { } why)
                {
                    throw new RunFailedException(why, ErrorCodes.Conflict);
                }

                if (await database.Set<ModelEntity>().AsNoTracking().SingleOrDefaultAsync(m => m.Name == model.Name, cancellation).ConfigureAwait(false) is { } there)
                {
                    return ToSummary(there.SummaryJson);
                }

                if (!content.IsWhole(model.Files))
                {
                    throw new RunFailedException($"Files of the model '{model.Name}' were removed while it was added. Add it again.", ErrorCodes.Conflict);
                }

                database.Add(new ModelEntity { Name = model.Name, Hash = model.Hash, SummaryJson = JsonSerializer.Serialize(model, RunJson.Options), CreatedAt = model.CreatedAt });
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                return model;
            }
        }
    }

    /// <summary>Removes a model, and of its weights those that no other model has.</summary>
    /// <returns>What was removed; null: there is none of the name.</returns>
    public async Task<ModelSummary?> RemoveAsync(string name, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            if (await database.Set<ModelEntity>().SingleOrDefaultAsync(m => m.Name == name, cancellation).ConfigureAwait(false) is not { } found)
            {
                return null;
            }

            database.Remove(found);
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            var model = ToSummary(found.SummaryJson);

            // After the row is gone for good: a model that is listed always has its files.
            await DiscardAsync(model.Files, CancellationToken.None).ConfigureAwait(false);
            return model;
        }
    }

    /// <summary>Removes files that became no model, unless some model has them.</summary>
    public async Task DiscardAsync(IReadOnlyList<ModelFile> files, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var transaction = await database.BeginExclusiveAsync(Files, cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var others = await database.Set<ModelEntity>().AsNoTracking().Select(m => new { m.Hash, m.SummaryJson }).ToListAsync(cancellation).ConfigureAwait(false);
                var hash = ModelContent.HashOf(files);
                if (others.TrueForAll(m => m.Hash != hash))
                {
                    content.Remove(files, others.SelectMany(m => ToSummary(m.SummaryJson).Files).Select(f => f.Sha256).ToHashSet(StringComparer.Ordinal));
                }
            }
        }
    }

    private static async Task<string?> WhyTakenAsync(LandfallDatabase database, string name, string? hash, CancellationToken cancellation)
    {
        if (await database.Apps.AnyAsync(a => a.Name == name, cancellation).ConfigureAwait(false))
        {
            return $"The name '{name}' is an app's, and the gateway asks apps and models by name. Give the model another one.";
        }

        return await database.Set<ModelEntity>().AnyAsync(m => m.Name == name && m.Hash != hash, cancellation).ConfigureAwait(false)
            ? $"There is a model '{name}' already. Give this one another name, or remove that one first."
            : null;
    }

    private static ModelSummary ToSummary(string json) => JsonSerializer.Deserialize<ModelSummary>(json, RunJson.Options)!;
}
