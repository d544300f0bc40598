using System.Globalization;
using Landfall.Platform.Access;
using Landfall.Platform.Hosting;
using Landfall.Platform.Runs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Datasets.Splitting;

/// <summary>The endpoint that splits, and its run.</summary>
public static class SplittingApi
{
    public static IServiceCollection AddSplitting(this IServiceCollection services) => services.AddSingleton<IRunKind, SplitRun>();

    public static IEndpointRouteBuilder MapSplitting(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/api/datasets/split", StartAsync).Requires(Role.Editor).WithTags("Datasets")
            .WithName("SplitDataset").WithSummary("Starts a run that divides a dataset version into train, validation and test.");
        return endpoints;
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> StartAsync(SplitRequest request, IDatasetStore datasets, [FromServices] RunService runs, CancellationToken cancellation)
    {
        if (request.Test is not (>= 0 and < 1) || request.Validation is not (>= 0 and < 1) || request.Test + request.Validation is not (> 0 and < 1))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "test and validation are shares of the rows: together above 0 and below 1, such as 0.2 and 0.1.");
        }

        var versions = await datasets.ListAsync(cancellation).ConfigureAwait(false);
        if (versions.FirstOrDefault(d => d.Name == request.Dataset && (request.Version is null || d.Version == request.Version)) is not { } dataset)
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no dataset '{request.Dataset}'. GET api/datasets lists them.");
        }

        var whole = request with { Version = dataset.Version };
        var key = string.Create(CultureInfo.InvariantCulture, $"{SplitRun.Name}/{dataset.Name}/{dataset.Version}/{request.Test}/{request.Validation}/{request.Group}/{request.Stratify}/{request.Time}/{request.Seed}");
        return TypedResults.Ok(await runs.StartAsync(SplitRun.Name, $"split {dataset.Name}", app: null, key, RunJson.ToElement(whole), cancellation).ConfigureAwait(false));
    }
}
