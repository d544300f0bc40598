using Landfall.Platform.Access;
using Landfall.Platform.Hosting;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Labelling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Landfall.Platform.Labelling;

/// <summary>The endpoints of <c>/api/labellings</c>.</summary>
public static class LabellingApi
{
    public static IServiceCollection AddLabelling(this IServiceCollection services)
    {
        services.TryAddSingleton<LabellingStore>();
        services.TryAddSingleton<LabellingService>();
        return services;
    }

    public static IEndpointRouteBuilder MapLabellings(this IEndpointRouteBuilder endpoints)
    {
        var labellings = endpoints.MapGroup("/api/labellings").WithTags("Labelling");
        labellings.MapGet("", ListAsync).Requires(Role.Viewer).WithName("GetLabellings").WithSummary("All labellings, newest first.");
        labellings.MapPost("", BeginAsync).Requires(Role.Editor).WithName("BeginLabelling").WithSummary("Begins to label a dataset version.");
        labellings.MapGet("{id}", GetAsync).Requires(Role.Viewer).WithName("GetLabelling").WithSummary("Progress, annotators and their agreement.");
        labellings.MapPost("{id}/claims", ClaimAsync).Requires(Role.Editor).WithName("ClaimRow").WithSummary("The next row for an annotator, kept for ten minutes.");
        labellings.MapPost("{id}/labels", LabelAsync).Requires(Role.Editor).WithName("LabelRow").WithSummary("Labels, skips, undoes, adjudicates.");
        labellings.MapGet("{id}/disagreements", DisagreementsAsync).Requires(Role.Viewer).WithName("GetDisagreements").WithSummary("Rows whose annotators differ.");
        labellings.MapGet("{id}/history", HistoryAsync).Requires(Role.Viewer).WithName("GetLabelHistory").WithSummary("Everything that was done, oldest first.");
        labellings.MapPost("{id}/export", ExportAsync).Requires(Role.Editor).WithName("ExportLabels").WithSummary("Makes a dataset version with the labels.");
        return endpoints;
    }

    private static async Task<Ok<IReadOnlyList<LabellingSummary>>> ListAsync(LabellingService service, CancellationToken cancellation) =>
        TypedResults.Ok(await service.ListAsync(cancellation).ConfigureAwait(false));

    private static async Task<Ok<LabellingSummary>> BeginAsync(LabellingRequest request, LabellingService service, CancellationToken cancellation) =>
        TypedResults.Ok(await service.BeginAsync(request, cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<LabellingSummary>, ProblemHttpResult>> GetAsync(string id, LabellingService service, CancellationToken cancellation) =>
        Found(id, await service.FindAsync(id, cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<LabellingClaim>, ProblemHttpResult>> ClaimAsync(string id, ClaimRequest request, LabellingService service, CancellationToken cancellation) =>
        Found(id, await service.ClaimAsync(id, request.Annotator, cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<LabellingSummary>, ProblemHttpResult>> LabelAsync(string id, LabelRequest request, LabellingService service, CancellationToken cancellation) =>
        Found(id, await service.LabelAsync(id, request, cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<IReadOnlyList<LabelDisagreement>>, ProblemHttpResult>> DisagreementsAsync(string id, LabellingService service, CancellationToken cancellation) =>
        Found(id, await service.DisagreementsAsync(id, cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<IReadOnlyList<LabelEvent>>, ProblemHttpResult>> HistoryAsync(string id, LabellingService service, CancellationToken cancellation) =>
        Found(id, await service.HistoryAsync(id, cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<DatasetSummary>, ProblemHttpResult>> ExportAsync(string id, LabelExportRequest request, LabellingService service, CancellationToken cancellation) =>
        Found(id, await service.ExportAsync(id, request.KeepUnlabelled, cancellation).ConfigureAwait(false));

    private static Results<Ok<T>, ProblemHttpResult> Found<T>(string id, T? value)
        where T : class =>
        value is not null ? TypedResults.Ok(value) : ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no labelling '{id}'. GET api/labellings lists them.");
}
