using Landfall.Platform.Access;
using Landfall.Platform.Datasets.Cleaning;
using Landfall.Platform.Datasets.Comparing;
using Landfall.Platform.Datasets.Exporting;
using Landfall.Platform.Datasets.Splitting;
using Landfall.Platform.Datasets.Statistics;
using Landfall.Platform.Hosting;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Datasets;

/// <summary>The endpoints of <c>/api/datasets</c>.</summary>
public static class DatasetsApi
{
    /// <summary>The most rows in one page.</summary>
    public const int MaxPage = 500;

    /// <summary>A header holds so many sentences.</summary>
    private const int MaxLosses = 20;

    public static IEndpointRouteBuilder MapDatasets(this IEndpointRouteBuilder endpoints)
    {
        var datasets = endpoints.MapGroup("/api/datasets").WithTags("Datasets");
        datasets.MapGet("", ListAsync).WithName("GetDatasets").WithSummary("All dataset versions, newest first.").Requires(Role.Viewer);
        datasets.MapPost("preview", PreviewAsync).WithName("PreviewDataset").WithSummary("What an import of an uploaded file would understand.")
            .Requires(Role.Viewer).ChangesNothing();
        datasets.MapPost("import", ImportAsync).WithName("ImportDataset").WithSummary("Starts a run that imports an uploaded file.").Requires(Role.Editor);
        datasets.MapGet("versions/{version}/rows", RowsAsync).WithName("GetDatasetRows").WithSummary("A page of a dataset version's rows.").Requires(Role.Viewer);
        datasets.MapGet("versions/{version}/export", ExportAsync).WithName("ExportDataset").WithSummary("A dataset version as a file; what the format cannot hold is named in the header Landfall-Losses.")
            .Requires(Role.Viewer);
        datasets.MapGet("diff", DiffAsync).WithName("DiffDatasets").WithSummary("How two dataset versions differ.").Requires(Role.Viewer);
        return endpoints.MapCleanings().MapSplitting().MapDatasetStatistics();
    }

    internal static async Task<Ok<IReadOnlyList<DatasetSummary>>> ListAsync(IDatasetStore store, CancellationToken cancellation) =>
        TypedResults.Ok(await store.ListAsync(cancellation).ConfigureAwait(false));

    internal static async Task<Results<Ok<DatasetPreview>, ProblemHttpResult>> PreviewAsync(PreviewRequest request, BlobStore blobs, CancellationToken cancellation)
    {
        if (!BlobStore.IsHash(request.Sha256))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "sha256 is not a lower-case hexadecimal sha256 of 64 characters.");
        }

        if (!blobs.Exists(request.Sha256))
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"No file {request.Sha256} was uploaded. Put it to api/blobs/{request.Sha256} first.");
        }

        try
        {
            var content = blobs.Open(request.Sha256);
            await using (content.ConfigureAwait(false))
            {
                var reading = new RowReading { Sheet = request.Sheet, TextField = request.TextField, ExpectedField = request.ExpectedField, FieldsOnly = request.FieldsOnly };
                return TypedResults.Ok(await DatasetPreviewer.PreviewAsync(content, request.FileName, reading, cancellation).ConfigureAwait(false));
            }
        }
        catch (DataFormatException error)
        {
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, ErrorCodes.DataInvalid, error.Message);
        }
    }

    internal static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> ImportAsync(ImportRequest request, BlobStore blobs, [FromServices] RunService runs, CancellationToken cancellation)
    {
        if (!BlobStore.IsHash(request.Sha256) || !blobs.Exists(request.Sha256))
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"No file '{request.Sha256}' was uploaded. Put it to api/blobs first.");
        }

        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "A dataset needs a name of 1 to 200 characters.");
        }

        var key = $"{ImportRun.Name}/{request.Name}/{request.FileName}/{request.Sha256}{(request.Sheet is null ? "" : $"/{request.Sheet}")}";
        return TypedResults.Ok(await runs.StartAsync(ImportRun.Name, $"import {request.FileName}", app: null, key, RunJson.ToElement(request), cancellation).ConfigureAwait(false));
    }

    internal static async Task<Results<Ok<DatasetPage>, ProblemHttpResult>> RowsAsync(
        string version, IDatasetStore store, BlobStore blobs, DatasetReader reader, CancellationToken cancellation, long offset = 0, int limit = 50, string? search = null, string? expected = null)
    {
        if (offset < 0 || limit is < 1 or > MaxPage)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"offset is {offset} and limit {limit}; offset is at least 0, and limit from 1 to {MaxPage}.");
        }

        var (dataset, problem) = await DatasetNames.ResolveAsync(store, version, cancellation).ConfigureAwait(false);
        if (dataset is null || !blobs.Exists(dataset.Version))
        {
            return Missing(version, problem);
        }

        if (search is not null || expected is not null)
        {
            return TypedResults.Ok(await reader.FindPageAsync(dataset.Version, search, expected, offset, limit, cancellation).ConfigureAwait(false));
        }

        var rows = await reader.ReadPageAsync(dataset.Version, offset, limit, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new DatasetPage(dataset.Rows, rows));
    }

    internal static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ExportAsync(
        string version, string format, HttpResponse response, IDatasetStore store, BlobStore blobs, DatasetExporter exporter, CancellationToken cancellation)
    {
        if (!DatasetExporter.Formats.Contains(format))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"There is no format '{format}'; there are {string.Join(", ", DatasetExporter.Formats)}.");
        }

        var (dataset, problem) = await DatasetNames.ResolveAsync(store, version, cancellation).ConfigureAwait(false);
        if (dataset is null || !blobs.Exists(dataset.Version))
        {
            return Missing(version, problem);
        }

        try
        {
            var export = await exporter.ExportAsync(dataset.Version, format, cancellation).ConfigureAwait(false);
            if (export.Losses.Count > 0)
            {
                response.Headers["Landfall-Losses"] = string.Join(',', export.Losses.Take(MaxLosses).Select(Uri.EscapeDataString));
            }

            return TypedResults.Stream(export.Content, export.ContentType, $"{dataset.Name.Replace('/', '-')}-{dataset.Version[..12]}{export.Extension}");
        }
        catch (DataFormatException error)
        {
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, ErrorCodes.DataInvalid, error.Message);
        }
    }

    internal static async Task<Results<Ok<DatasetDiff>, ProblemHttpResult>> DiffAsync(
        string before, string after, IDatasetStore store, BlobStore blobs, DatasetComparer comparer, CancellationToken cancellation, int limit = 20)
    {
        if (limit is < 0 or > MaxPage)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"limit is {limit}; it is from 0 to {MaxPage}.");
        }

        var (first, firstProblem) = await DatasetNames.ResolveAsync(store, before, cancellation).ConfigureAwait(false);
        var (second, secondProblem) = await DatasetNames.ResolveAsync(store, after, cancellation).ConfigureAwait(false);
        if (first is null || !blobs.Exists(first.Version))
        {
            return Missing(before, firstProblem);
        }

        return second is null || !blobs.Exists(second.Version)
            ? Missing(after, secondProblem)
            : TypedResults.Ok(await comparer.CompareAsync(first, second, limit, cancellation).ConfigureAwait(false));
    }

    internal static ProblemHttpResult Missing(string version, string problem) => ApiProblems.Create(
        StatusCodes.Status404NotFound, ErrorCodes.NotFound, problem.Length > 0 ? problem : $"There is no dataset version '{version}'. GET api/datasets lists them.");
}
