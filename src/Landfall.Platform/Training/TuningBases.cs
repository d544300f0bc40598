using System.Collections.Concurrent;
using Landfall.Inference;
using Landfall.Platform.Access;
using Landfall.Platform.Models;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Training;

/// <summary>A base that was asked for, or why it is none.</summary>
/// <param name="Model">The base.</param>
/// <param name="WhyNot">Why it cannot be tuned; null: it can.</param>
public sealed record FoundBase(ModelSummary? Model, string? WhyNot);

/// <summary>
/// The models that can be tuned: those of the registry, and the one that comes with Landfall. That one's files are taken
/// into the blob store when it is first used, so that what was tuned over it can be served after an upgrade.
/// </summary>
public sealed class TuningBases(ModelStore models, ModelContent content, ModelImporter importer, TrainingOptions options)
{
    private readonly ConcurrentDictionary<string, ModelSummary> _defaults = new(StringComparer.Ordinal);

    /// <summary>The folder in which a base's files have their names.</summary>
    public string FolderOf(ModelSummary model) => content.PathOf(model.Files);

    /// <summary>The base of a name; without one, the one that comes with Landfall.</summary>
    public async Task<FoundBase> FindAsync(string? name, CancellationToken cancellation)
    {
        if (name is not null && await models.FindAsync(name, cancellation).ConfigureAwait(false) is { } found)
        {
            return new FoundBase(found, WhyNot(found));
        }

        if (name is not null && name != DefaultName)
        {
            return new FoundBase(null, $"there is no model '{name}' in the registry. `landfall model list` shows what it has, and `landfall model import` adds one.");
        }

        return options.DefaultBase is { } folder && Directory.Exists(folder)
            ? await OpenDefaultAsync(folder, cancellation).ConfigureAwait(false)
            : new FoundBase(null, "no base model comes with this installation; name an imported one in the setting base.");
    }

    private string? DefaultName => options.DefaultBase is { } folder ? Path.GetFileName(folder) : null;

    private static string? WhyNot(ModelSummary model) => model switch
    {
        { Adapter: not null } => $"the model '{model.Name}' is an adapter. Name the model that it is for, '{model.Lineage.From}'.",
        { Use: not ModelUse.Chat } => $"the model '{model.Name}' is an encoder, and tuning changes models that write text.",
        { Format: ModelFormat.Gguf } => $"the model '{model.Name}' is a GGUF file, and tuning needs the Hugging Face folder that it was made from. Import that.",
        _ => null,
    };

    private async Task<FoundBase> OpenDefaultAsync(string folder, CancellationToken cancellation)
    {
        // Each team has a store of its own.
        var key = Caller.Current.Team;
        if (_defaults.TryGetValue(key, out var known) && content.IsWhole(known.Files))
        {
            return new FoundBase(known, WhyNot: null);
        }

        try
        {
            var files = new List<ModelFile>();
            foreach (var source in importer.Check(folder, forModel: null))
            {
                files.Add(await importer.CopyAsync(source, new Progress<long>(), cancellation).ConfigureAwait(false));
            }

            var model = importer.Describe(Path.GetFileName(folder), files, new ModelLineage { Made = "built-in", Landfall = LandfallVersion.Text });
            return new FoundBase(_defaults[key] = model, WhyNot(model));
        }
        catch (ModelFormatException error)
        {
            return new FoundBase(null, $"the base model that comes with Landfall cannot be read: {error.Message}");
        }
    }
}
