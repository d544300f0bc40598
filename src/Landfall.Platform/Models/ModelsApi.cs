using Landfall.Inference;
using Landfall.Platform.Access;
using Landfall.Platform.Hosting;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Models;
using Landfall.Protocol.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Models;

/// <summary>The endpoints of <c>/api/models</c>.</summary>
public static class ModelsApi
{
    private const int MostFiles = 2000;

    public static IEndpointRouteBuilder MapModels(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/models").WithTags("Models");
        group.MapGet("/", ListAsync).WithName("ListLocalModels").WithSummary("All models of the registry, by name.").Requires(Role.Viewer);
        group.MapGet("/{model}", GetAsync).WithName("GetLocalModel").WithSummary("A model with those it is related to.").Requires(Role.Viewer);
        group.MapPost("/import", ImportAsync).WithName("ImportModel").WithSummary("Starts a run that makes a model of uploaded files.").Requires(Role.Editor);
        // The server reads a path only for those to whom the whole machine's data belongs anyway.
        group.MapPost("/import-path", ImportPathAsync).WithName("ImportModelPath").WithSummary("Starts a run that makes a model of files on the server's machine.")
            .Requires(Role.Operator).OwnersOnly();
        group.MapDelete("/{model}", RemoveAsync).WithName("RemoveModel").WithSummary("Removes a model, and of its files those that no other model has.").Requires(Role.Operator);
        return routes.MapModelWork();
    }

    internal static ProblemHttpResult NoSuchModel(string name) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no model '{name}'. `landfall model list` shows them all.");

    /// <summary>Why no model of this name can be made, or null.</summary>
    internal static async Task<ProblemHttpResult?> WhyRefusedAsync(string name, string? hash, ModelSummary? forModel, ModelStore models, CancellationToken cancellation)
    {
        if (ModelNames.WhyNoName(name) is { } why)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, why);
        }

        return await models.WhyTakenAsync(forModel is null ? name : ModelNames.OfAdapter(forModel.Name, name), hash, cancellation).ConfigureAwait(false) is { } taken
            ? ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, taken)
            : null;
    }

    private static async Task<Ok<IReadOnlyList<ModelSummary>>> ListAsync(ModelStore models, CancellationToken cancellation) =>
        TypedResults.Ok(await models.ListAsync(cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<ModelDetail>, ProblemHttpResult>> GetAsync(string model, ModelStore models, ModelHost host, CancellationToken cancellation)
    {
        var all = await models.ListAsync(cancellation).ConfigureAwait(false);
        if (all.FirstOrDefault(m => m.Name == model) is not { } found)
        {
            return NoSuchModel(model);
        }

        var resolved = found.Adapter is null ? new ResolvedModel(found, Adapter: null) : new ResolvedModel(all.First(m => m.Name == found.Lineage.From), found);
        return TypedResults.Ok(ModelFamilyTree.Of(found, host.MemoryOf(resolved), all));
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> ImportAsync(
        ImportModelRequest request, ModelStore models, ModelImporter importer, BlobStore blobs, RunService runs, CancellationToken cancellation)
    {
        if (WhyNoFiles(request.Files, blobs) is { } noFiles)
        {
            return noFiles;
        }

        var files = FilesOf(request.Files, blobs);
        var (forModel, refusal) = await BaseOfAsync(request.Base, models, cancellation).ConfigureAwait(false);
        if ((refusal ?? await WhyRefusedAsync(request.Name, ModelContent.HashOf(files), forModel, models, cancellation).ConfigureAwait(false)) is { } problem)
        {
            return problem;
        }

        try
        {
            importer.Check(files, forModel);
        }
        catch (ModelFormatException error)
        {
            await models.DiscardAsync(files, cancellation).ConfigureAwait(false);
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, ErrorCodes.ModelInvalid, error.Message);
        }

        var source = request.Files is [{ } one] ? one.Name : $"{request.Files.Count} uploaded files";
        return TypedResults.Ok(await StartAsync(runs, InputOf(request.Name, source, path: null, files, forModel), ModelContent.HashOf(files), cancellation).ConfigureAwait(false));
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> ImportPathAsync(
        ImportModelPathRequest request, ModelStore models, ModelImporter importer, RunService runs, CancellationToken cancellation)
    {
        if (!Path.IsPathFullyQualified(request.Path) || request.Path.Contains('\0', StringComparison.Ordinal))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "'path' is no full path of a file or a folder on the server's machine.");
        }

        var (forModel, refusal) = await BaseOfAsync(request.Base, models, cancellation).ConfigureAwait(false);
        var input = InputOf(request.Name, request.Path, request.Path, files: null, forModel);
        var there = await models.FindAsync(input.Name, cancellation).ConfigureAwait(false);
        if ((refusal ?? await WhyRefusedAsync(request.Name, there?.Hash, forModel, models, cancellation).ConfigureAwait(false)) is { } problem)
        {
            return problem;
        }

        try
        {
            // Whether files that look like those of the model of this name are the same, the run finds out.
            var files = importer.Check(request.Path, forModel);
            return there is null || ModelImporter.AreAlike(there.Files, files)
                ? TypedResults.Ok(await StartAsync(runs, input, request.Path, cancellation).ConfigureAwait(false))
                : ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, ModelStore.IsThere(input.Name));
        }
        catch (ModelFormatException error)
        {
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, ErrorCodes.ModelInvalid, error.Message);
        }
    }

    private static ModelImportInput InputOf(string name, string source, string? path, IReadOnlyList<ModelFile>? files, ModelSummary? forModel) =>
        new(forModel is null ? name : ModelNames.OfAdapter(forModel.Name, name), source, path, files, forModel?.Name, forModel?.Hash);

    /// <summary>The model that an adapter is for, or why it cannot be.</summary>
    private static async Task<(ModelSummary? Model, ProblemHttpResult? Refusal)> BaseOfAsync(string? name, ModelStore models, CancellationToken cancellation)
    {
        if (name is null)
        {
            return (null, null);
        }

        return await models.FindAsync(name, cancellation).ConfigureAwait(false) switch
        {
            null => (null, NoSuchModel(name)),
            { Adapter: not null } => (null, ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"'{name}' is an adapter itself; give the model that the adapter is for.")),
            var found => (found, null),
        };
    }

    /// <summary>Why this cannot be done with a model that is an adapter, or null.</summary>
    internal static ProblemHttpResult? WhyNotAlone(ModelSummary model) => model.Adapter is null
        ? null
        : ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"'{model.Name}' is an adapter; that is done with its base, '{model.Lineage.From}'.");

    private static Task<RunSummary> StartAsync(RunService runs, ModelImportInput input, string what, CancellationToken cancellation) =>
        runs.StartAsync(ModelImportRun.Name, $"import model {input.Name}", app: null, $"{ModelImportRun.Name}/{input.Name}/{input.BaseHash}/{what}", RunJson.ToElement(input), cancellation);

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string model, ModelStore models, ModelHost host, CancellationToken cancellation)
    {
        ModelSummary? removed;
        try
        {
            removed = await models.RemoveAsync(model, cancellation).ConfigureAwait(false);
        }
        catch (ModelInUseException error)
        {
            return ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, error.Message);
        }

        if (removed is null)
        {
            return NoSuchModel(model);
        }

        if ((await models.ListAsync(cancellation).ConfigureAwait(false)).All(m => m.Hash != removed.Hash))
        {
            host.Forget(removed);
        }

        return TypedResults.NoContent();
    }

    private static ProblemHttpResult? WhyNoFiles(IReadOnlyList<UploadedModelFile> files, BlobStore blobs)
    {
        if (files.Count is 0 or > MostFiles)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"'files' has {files.Count} files; a model has 1 to {MostFiles}.");
        }

        if (files.FirstOrDefault(f => f is null || !ModelNames.IsFileName(f.Name)) is var unnamed && files.Any(f => f is null || !ModelNames.IsFileName(f.Name)))
        {
            return ApiProblems.Create(
                StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"{Briefs.Shown.Text(unnamed?.Name ?? "")} cannot be a model's file: give its name, with one folder before it at most.");
        }

        if (files.DistinctBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Count() != files.Count)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "Two of the files have the same name.");
        }

        return files.FirstOrDefault(f => !BlobStore.IsHash(f.Sha256) || !blobs.Exists(f.Sha256)) is { } missing
            ? ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"No file '{missing.Name}' was uploaded under the hash it is given with. Put it to api/blobs first.")
            : null;
    }

    private static IReadOnlyList<ModelFile> FilesOf(IReadOnlyList<UploadedModelFile> files, BlobStore blobs) =>
    [
        .. files.Select(f => new ModelFile(files.Count == 1 && f.Name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? ModelContent.GgufName : f.Name, f.Sha256, blobs.Size(f.Sha256)))
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];
}
