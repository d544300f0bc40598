using Landfall.Platform.Access;
using Landfall.Platform.Datasets;
using Landfall.Platform.Hosting;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Briefs;

/// <summary>The endpoints of <c>/api/briefs</c>.</summary>
public static class BriefsApi
{
    public static IEndpointRouteBuilder MapBriefs(this IEndpointRouteBuilder endpoints)
    {
        var briefs = endpoints.MapGroup("/api/briefs").WithTags("Briefs");
        briefs.MapPost("check", CheckAsync).WithName("CheckBrief").WithSummary("Checks a brief and, of the files listed in it, the data.")
            .Requires(Role.Viewer).ChangesNothing();
        briefs.MapGet("schema", GetSchema).WithName("GetBriefSchema").WithSummary("The JSON schema of brief.yaml.").Requires(Role.Viewer);
        briefs.MapGet("templates", GetTemplates).WithName("GetBriefTemplates").WithSummary("Starting points for a brief.").Requires(Role.Viewer);
        briefs.MapPost("draft", DraftAsync).WithName("DraftBrief").WithSummary("Drafts a brief from uploaded data files.").Requires(Role.Editor);
        return endpoints;
    }

    internal static async Task<Ok<BriefCheckResponse>> CheckAsync(BriefSource source, BriefChecker checker, CancellationToken cancellation) =>
        TypedResults.Ok(await checker.CheckAsync(source, cancellation).ConfigureAwait(false));

    internal static ContentHttpResult GetSchema() => TypedResults.Text(BriefSchema.Text, "application/schema+json; charset=utf-8");

    internal static Ok<IReadOnlyList<BriefTemplate>> GetTemplates() => TypedResults.Ok(BriefTemplates.All);

    internal static async Task<Results<Ok<BriefDraft>, ProblemHttpResult>> DraftAsync(
        BriefDraftRequest request, BriefDrafter drafter, BlobStore blobs, CancellationToken cancellation)
    {
        foreach (var file in request.MoreFiles.Prepend(new DraftFile(request.FileName, request.Sha256)))
        {
            if (!BlobStore.IsHash(file.Sha256) || string.IsNullOrWhiteSpace(file.FileName))
            {
                return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "A draft needs a fileName for each file, and in sha256 its hash: 64 lower-case hexadecimal characters.");
            }

            if (!blobs.Exists(file.Sha256))
            {
                return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"No file {file.Sha256} was uploaded. Put it to api/blobs/{file.Sha256} first.");
            }
        }

        try
        {
            return TypedResults.Ok(await drafter.DraftAsync(request, cancellation).ConfigureAwait(false));
        }
        catch (DataFormatException e)
        {
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, ErrorCodes.DataInvalid, e.Message);
        }
    }
}
