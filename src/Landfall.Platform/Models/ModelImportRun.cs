using System.Text.Json;
using Landfall.Inference;
using Landfall.Platform.Runs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>What an import is to make a model of.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Source">What was given, for its lineage.</param>
/// <param name="Path">Where the files lie on this machine.</param>
/// <param name="Files">Or files that were uploaded.</param>
/// <param name="Base">Of an adapter, the model that it is for.</param>
/// <param name="BaseHash">That model's content when it was asked for.</param>
internal sealed record ModelImportInput(string Name, string Source, string? Path, IReadOnlyList<ModelFile>? Files, string? Base = null, string? BaseHash = null);

/// <summary>Runs of kind <c>model-import</c>: files become a model of the registry. A step per file, so that none is copied twice.</summary>
internal sealed class ModelImportRun(ModelImporter importer, ModelStore models) : IRunKind
{
    public const string Name = "model-import";

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<ModelImportInput>();
        var forModel = request.Base is { } name ? await models.FindUnchangedAsync(name, request.BaseHash!, cancellation).ConfigureAwait(false) : null;
        if (request.Path is { } path && await run.DecideAsync("there", async () => await models.FindAsync(request.Name, cancellation).ConfigureAwait(false) is not null, cancellation).ConfigureAwait(false))
        {
            return RunJson.ToElement(await CompareAsync(run, request.Name, path, forModel, cancellation).ConfigureAwait(false));
        }

        var files = request.Files ?? await CopyAsync(run, request.Path!, forModel, cancellation).ConfigureAwait(false);
        var lineage = new ModelLineage
        {
            Made = forModel is null ? "imported" : "adapter",
            Source = request.Source,
            From = request.Base,
            FromHash = request.BaseHash,
            Landfall = LandfallVersion.Text,
        };
        run.Report(fraction: null, $"reading {request.Name}");
        var model = await run.StepAsync("add", token => importer.AddAsync(request.Name, files, lineage, forModel, token), cancellation).ConfigureAwait(false);
        run.Log($"{model.Name}: {model.Family}, {model.Parameters:N0} parameters, {ModelImporter.Size(model.Bytes)} in {model.Files.Count} file(s), content {model.Hash[..12]}.");
        return RunJson.ToElement(model);
    }

    /// <summary>The model that has the name already, if its content is that of the files: nothing is copied.</summary>
    private async Task<ModelSummary> CompareAsync(RunContext run, string name, string path, ModelSummary? forModel, CancellationToken cancellation)
    {
        var files = new List<ModelFile>();
        foreach (var source in Check(path, forModel))
        {
            run.Report(fraction: null, $"comparing {source.Name}");
            files.Add(await ModelImporter.IdentifyAsync(source, cancellation).ConfigureAwait(false));
        }

        if (await models.FindAsync(name, cancellation).ConfigureAwait(false) is not { } there || there.Hash != ModelContent.HashOf(files))
        {
            throw new RunFailedException(ModelStore.IsThere(name), ErrorCodes.Conflict);
        }

        run.Log($"{name} is there already, with the same content.");
        return there;
    }

    private async Task<IReadOnlyList<ModelFile>> CopyAsync(RunContext run, string path, ModelSummary? forModel, CancellationToken cancellation)
    {
        var sources = await run.DecideAsync("files", () => Task.FromResult(Check(path, forModel)), cancellation).ConfigureAwait(false);
        var total = Math.Max(1, sources.Sum(s => s.Bytes));
        var files = new List<ModelFile>();
        long before = 0;
        foreach (var source in sources)
        {
            var progress = new CopyProgress(run, source, before, total);
            files.Add(await run.StepAsync($"file/{source.Name}", token => importer.CopyAsync(source, progress, token), cancellation).ConfigureAwait(false));
            before += source.Bytes;
        }

        return files;
    }

    private IReadOnlyList<SourceFile> Check(string path, ModelSummary? forModel)
    {
        try
        {
            return importer.Check(path, forModel);
        }
        catch (ModelFormatException error)
        {
            throw new RunFailedException(error.Message, ErrorCodes.ModelInvalid);
        }
    }

    /// <summary>Told a file's bytes; now and then tells those who follow the run.</summary>
    private sealed class CopyProgress(RunContext run, SourceFile source, long before, long total) : IProgress<long>
    {
        private const long Interval = 32L << 20;
        private long _next;

        public void Report(long value)
        {
            if (value >= _next)
            {
                _next = value + Interval;
                run.Report((double)(before + value) / total, $"copying {source.Name}: {ModelImporter.Size(value)} of {ModelImporter.Size(source.Bytes)}");
            }
        }
    }
}
