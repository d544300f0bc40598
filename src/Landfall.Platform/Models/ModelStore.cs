using System.Text.Json;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Models;

/// <summary>A model cannot be removed while adapters are for it.</summary>
public sealed class ModelInUseException(string model, IReadOnlyList<string> adapters)
    : Exception($"Adapters are for the model '{model}': {string.Join(", ", adapters)}. Remove them first.");

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

    /// <summary>What a name asks for: a model, or an adapter over its base; null where there is none.</summary>
    public async Task<ResolvedModel?> ResolveAsync(string name, CancellationToken cancellation) => await FindAsync(name, cancellation).ConfigureAwait(false) switch
    {
        null => null,
        { Adapter: null } model => new ResolvedModel(model, Adapter: null),
        var adapter => await FindAsync(adapter.Lineage.From!, cancellation).ConfigureAwait(false) is { } model ? new ResolvedModel(model, adapter) : null,
    };

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

                if (model.Adapter is not null && !await database.Set<ModelEntity>().AnyAsync(m => m.Name == model.Lineage.From && m.Hash == model.Lineage.FromHash, cancellation).ConfigureAwait(false))
                {
                    throw new RunFailedException($"The model '{model.Lineage.From}', which the adapter is for, was removed meanwhile.", ErrorCodes.Conflict);
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
    /// <exception cref="ModelInUseException">Adapters are for it.</exception>
    /// <returns>What was removed; null: there is none of the name.</returns>
    public async Task<ModelSummary?> RemoveAsync(string name, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            var removed = await RemoveRowAsync(database, name, cancellation).ConfigureAwait(false);
            if (removed is not null)
            {
                // After the row is gone for good: a model that is listed always has its files.
                await DiscardAsync(removed.Files, CancellationToken.None).ConfigureAwait(false);
            }

            return removed;
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

    private static async Task<ModelSummary?> RemoveRowAsync(LandfallDatabase database, string name, CancellationToken cancellation)
    {
        var transaction = await database.BeginExclusiveAsync(Files, cancellation).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var all = await database.Set<ModelEntity>().ToListAsync(cancellation).ConfigureAwait(false);
            if (all.Find(m => m.Name == name) is not { } found)
            {
                return null;
            }

            if (all.Select(m => ToSummary(m.SummaryJson)).Where(m => m.Adapter is not null && m.Lineage.From == name).Select(m => m.Name).ToList() is { Count: > 0 } adapters)
            {
                throw new ModelInUseException(name, adapters);
            }

            database.Remove(found);
            await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return ToSummary(found.SummaryJson);
        }
    }

    private static async Task<string?> WhyTakenAsync(LandfallDatabase database, string name, string? hash, CancellationToken cancellation)
    {
        if (await database.Apps.AnyAsync(a => a.Name == name, cancellation).ConfigureAwait(false))
        {
            return $"The name '{name}' is an app's, and the gateway asks apps and models by name. Give the model another one.";
        }

        return await database.Set<ModelEntity>().AnyAsync(m => m.Name == name && m.Hash != hash, cancellation).ConfigureAwait(false)
            ? IsThere(name)
            : null;
    }

    /// <summary>Says that another model has the name.</summary>
    internal static string IsThere(string name) => $"There is a model '{name}' already, of other content. Give this one another name, or remove that one first.";

    private static ModelSummary ToSummary(string json) => JsonSerializer.Deserialize<ModelSummary>(json, RunJson.Options)!;
}
