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

namespace Landfall.Platform.Datasets.Cleaning;

/// <summary>The endpoints of <c>/api/cleanings</c>.</summary>
public static class CleaningApi
{
    public static IEndpointRouteBuilder MapCleanings(this IEndpointRouteBuilder endpoints)
    {
        var cleanings = endpoints.MapGroup("/api/cleanings").WithTags("Cleaning");
        cleanings.MapGet("", ListAsync).Requires(Role.Viewer).WithName("GetCleanings").WithSummary("Proposals to clean datasets, newest first.");
        cleanings.MapGet("steps", ListSteps).Requires(Role.Viewer).WithName("GetCleaningSteps").WithSummary("The names of the cleaning steps.");
        cleanings.MapPost("", StartAsync).Requires(Role.Editor).WithName("CleanDataset").WithSummary("Starts a run that proposes changes to a dataset version.");
        cleanings.MapGet("{id}", GetAsync).Requires(Role.Viewer).WithName("GetCleaning").WithSummary("A proposal with what was decided.");
        cleanings.MapGet("{id}/changes", ChangesAsync).Requires(Role.Viewer).WithName("GetCleaningChanges").WithSummary("A page of a proposal's changes.");
        cleanings.MapPost("{id}/decisions", DecideAsync).Requires(Role.Editor).WithName("DecideCleaning").WithSummary("Accepts or rejects changes: one, a step's, or all of a confidence.");
        cleanings.MapPost("{id}/apply", ApplyAsync).Requires(Role.Editor).WithName("ApplyCleaning").WithSummary("Makes a dataset version with the accepted changes.");
        return endpoints;
    }

    private static async Task<Ok<IReadOnlyList<CleaningProposal>>> ListAsync(CleaningService service, CancellationToken cancellation, string? dataset = null) =>
        TypedResults.Ok(await service.ListAsync(dataset, cancellation).ConfigureAwait(false));

    private static Ok<IReadOnlyList<string>> ListSteps(CleaningSteps steps) => TypedResults.Ok(steps.Names);

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> StartAsync(
        CleaningRequest request, CleaningSteps steps, IDatasetStore datasets, [FromServices] RunService runs, CancellationToken cancellation)
    {
        var chosen = steps.Choose(request.Steps, request.TestVersion is not null);
        var versions = await datasets.ListAsync(cancellation).ConfigureAwait(false);
        if (versions.FirstOrDefault(d => d.Name == request.Dataset && (request.Version is null || d.Version == request.Version)) is not { } dataset)
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no dataset '{request.Dataset}'{(request.Version is null ? "" : $" of version {request.Version}")}. GET api/datasets lists them.");
        }

        if (request.TestVersion is { } test && !versions.Any(d => d.Version == test))
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no dataset version '{test}' to compare with. GET api/datasets lists them.");
        }

        var whole = request with { Version = dataset.Version, Steps = [.. chosen.Select(s => s.Name)] };
        var key = $"{CleaningRun.Name}/{dataset.Name}/{dataset.Version}/{request.TestVersion}/{request.Seed}/{string.Join(',', whole.Steps)}";
        return TypedResults.Ok(await runs.StartAsync(CleaningRun.Name, $"clean {dataset.Name}", app: null, key, RunJson.ToElement(whole), cancellation).ConfigureAwait(false));
    }

    private static async Task<Results<Ok<CleaningProposal>, ProblemHttpResult>> GetAsync(string id, CleaningService service, CancellationToken cancellation) =>
        await service.FindAsync(id, cancellation).ConfigureAwait(false) is { } found ? TypedResults.Ok(found) : NoSuch(id);

    private static async Task<Results<Ok<CleaningChangePage>, ProblemHttpResult>> ChangesAsync(
        string id, CleaningService service, CancellationToken cancellation, string? step = null, string? verdict = null, double minConfidence = 0, int offset = 0, int limit = 50)
    {
        if (offset < 0 || limit is < 1 or > DatasetsApi.MaxPage)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"offset is {offset} and limit {limit}; offset is at least 0, and limit from 1 to {DatasetsApi.MaxPage}.");
        }

        var parsed = CleaningVerdict.Open;
        if (verdict is not null && (!Enum.TryParse(verdict, ignoreCase: true, out parsed) || !Enum.IsDefined(parsed)))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"verdict is '{verdict}'; it is open, accepted or rejected.");
        }

        return await service.PageAsync(id, step, verdict is null ? null : parsed, minConfidence, offset, limit, cancellation).ConfigureAwait(false) is { } page ? TypedResults.Ok(page) : NoSuch(id);
    }

    private static async Task<Results<Ok<CleaningProposal>, ProblemHttpResult>> DecideAsync(string id, CleaningDecision decision, CleaningService service, CancellationToken cancellation) =>
        await service.DecideAsync(id, decision, cancellation).ConfigureAwait(false) is { } found ? TypedResults.Ok(found) : NoSuch(id);

    private static async Task<Results<Ok<DatasetSummary>, ProblemHttpResult>> ApplyAsync(string id, CleaningService service, CancellationToken cancellation) =>
        await service.ApplyAsync(id, cancellation).ConfigureAwait(false) is { } made ? TypedResults.Ok(made) : NoSuch(id);

    private static ProblemHttpResult NoSuch(string id) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no cleaning '{id}'. GET api/cleanings lists them.");
}
