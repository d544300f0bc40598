using System.Text.Json;
using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Export;
using Landfall.Inference.Tensors;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>What an export is to write.</summary>
internal sealed record ModelExportInput(string Model, string Hash, ModelFormat Format);

/// <summary>Runs of kind <c>model-export</c>: a model as files that other programs read, to be fetched under the run's id.</summary>
internal sealed class ModelExportRun(ModelStore models, ModelContent content, ModelExports exports, BlobStore blobs, ModelHostOptions options) : IRunKind
{
    public const string Name = "model-export";

    public string Kind => Name;

    public async Task<JsonElement> ExecuteAsync(RunContext run, JsonElement input, CancellationToken cancellation)
    {
        var request = input.To<ModelExportInput>();
        var export = await run.StepAsync("write", token => WriteAsync(run, request, token), cancellation).ConfigureAwait(false);
        run.Log($"{export.Model} as {export.Format.ToString().ToLowerInvariant()}: {export.Files.Count} file(s), {ModelImporter.Size(export.Files.Sum(f => f.Bytes))}.");
        return RunJson.ToElement(export);
    }

    private async Task<ModelExport> WriteAsync(RunContext run, ModelExportInput request, CancellationToken cancellation)
    {
        var model = await models.FindUnchangedAsync(request.Model, request.Hash, cancellation).ConfigureAwait(false);
        var folder = exports.Begin(run.RunId);
        if (model.Format == request.Format)
        {
            // As it is: no byte is copied.
            content.Link(folder, model.Files);
            return new ModelExport(model.Name, request.Format, model.Files);
        }

        blobs.EnsureRoom(model.Bytes * 2);
        try
        {
            await Task.Run(() => Convert(run, model, folder, request.Format, cancellation), cancellation).ConfigureAwait(false);
            return new ModelExport(model.Name, request.Format, await ModelExports.DescribeAsync(folder, cancellation).ConfigureAwait(false));
        }
        catch (InferenceException error)
        {
            throw new RunFailedException(error.Message, ErrorCodes.ModelInvalid);
        }
    }

    private void Convert(RunContext run, ModelSummary model, string folder, ModelFormat format, CancellationToken cancellation)
    {
        using var files = ModelFiles.Open(content.PathOf(model.Files));
        var progress = new ExportProgress(run, $"writing {model.Name}");
        if (format == ModelFormat.Gguf)
        {
            GgufExport.Write(files, Path.Combine(folder, ModelContent.GgufName), Options(TypeOf(model)), cancellation);
        }
        else
        {
            HuggingFaceExport.Write(files, folder, Options(TypeOf(model) is TensorType.F32 or TensorType.F16 ? TypeOf(model) : TensorType.BF16), cancellation);
        }

        ExportOptions Options(TensorType type) => new() { Type = type, Threads = options.Threads, Name = model.Name, Progress = progress };
    }

    /// <summary>The type that most of the weights are in.</summary>
    private static TensorType TypeOf(ModelSummary model) =>
        model.Types.Count > 0 && Enum.TryParse<TensorType>(model.Types[0].Type, out var type) ? type : TensorType.F16;
}
