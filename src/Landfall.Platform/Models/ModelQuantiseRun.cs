using System.Text.Json;
using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>What a quantisation is to make.</summary>
/// <param name="From">The model.</param>
/// <param name="FromHash">Its content when it was asked for.</param>
/// <param name="Name">The new model's name.</param>
/// <param name="Type">The type of its weights.</param>
internal sealed record ModelQuantiseInput(string From, string FromHash, string Name, string Type);

/// <summary>Runs of kind <c>model-quantise</c>: the weights of a model in another type, as a model of its own.</summary>
internal sealed class ModelQuantiseRun(ModelStore models, ModelContent content, ModelImporter importer, BlobStore blobs, ModelHostOptions options) : IRunKind
{
    public const string Name = "model-quantise";

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<ModelQuantiseInput>();
        var file = await run.StepAsync("write", token => WriteAsync(run, request, token), cancellation).ConfigureAwait(false);
        var lineage = new ModelLineage { Made = "quantised", From = request.From, FromHash = request.FromHash, Type = request.Type, Landfall = LandfallVersion.Text };
        var model = await run.StepAsync("add", token => importer.AddAsync(request.Name, [file], lineage, forModel: null, token), cancellation).ConfigureAwait(false);
        run.Log($"{model.Name}: {ModelImporter.Size(model.Bytes)}, content {model.Hash[..12]}.");
        return RunJson.ToElement(model);
    }

    private async Task<ModelFile> WriteAsync(RunContext run, ModelQuantiseInput request, CancellationToken cancellation)
    {
        var model = await models.FindUnchangedAsync(request.From, request.FromHash, cancellation).ConfigureAwait(false);
        var type = ModelTypes.Find(request.Type)!.Value;
        blobs.EnsureRoom(ModelTypes.BytesOf(type, model.Parameters));
        if (model.Lineage.Made == "quantised")
        {
            run.Log($"{model.Name} is quantised itself: quantising it again loses more than quantising {model.Lineage.From} would.", "warning");
        }

        var path = Path.Combine(content.WorkOf(run.RunId), ModelContent.GgufName);
        try
        {
            // Encoding computes for minutes, and holds no connection meanwhile.
            await Task.Run(() => Export(run, content.PathOf(model.Files), path, type, request, cancellation), cancellation).ConfigureAwait(false);
            var bytes = new FileInfo(path).Length;
            return new ModelFile(ModelContent.GgufName, await blobs.TakeAsync(path, cancellation).ConfigureAwait(false), bytes);
        }
        catch (InferenceException error)
        {
            throw new RunFailedException(error.Message, ErrorCodes.ModelInvalid);
        }
        finally
        {
            content.RemoveWork(run.RunId);
        }
    }

    private void Export(RunContext run, string source, string target, Inference.Tensors.TensorType type, ModelQuantiseInput request, CancellationToken cancellation)
    {
        using var files = ModelFiles.Open(source);
        var progress = new ExportProgress(run, $"quantising {request.From} as {type}");
        GgufExport.Write(files, target, new ExportOptions { Type = type, Threads = options.Threads, Name = request.Name, Progress = progress }, cancellation);
    }
}

/// <summary>Shows how far an export is on its run.</summary>
internal sealed class ExportProgress(RunContext run, string what) : IProgress<double>
{
    private const double Step = 0.01;
    private double _next;

    public void Report(double value)
    {
        if (value >= _next)
        {
            _next = value + Step;
            run.Report(value, what);
        }
    }
}
