using Landfall.Platform.Access;
using Landfall.Platform.Briefs.Editing;
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
        briefs.MapPost("draft", DraftAsync).WithName("DraftBrief").WithSummary("Drafts a brief from one uploaded data file.").Requires(Role.Editor);
        briefs.MapPost("form", ReadForm).WithName("ReadBriefForm").WithSummary("The essentials of a brief's text, as a form shows them.").Requires(Role.Viewer).ChangesNothing();
        briefs.MapPost("edit", EditText).WithName("EditBrief").WithSummary("Makes a form's changes in a brief's text; all else stays as it is.").Requires(Role.Viewer).ChangesNothing();
        briefs.MapGet("choices", GetChoices).WithName("GetBriefChoices").WithSummary("The metrics, techniques and words that a brief may name.").Requires(Role.Viewer);
        return endpoints;
    }

    internal static async Task<Ok<BriefCheckResponse>> CheckAsync(BriefSource source, BriefChecker checker, CancellationToken cancellation) =>
        TypedResults.Ok(await checker.CheckAsync(source, cancellation).ConfigureAwait(false));

    internal static ContentHttpResult GetSchema() => TypedResults.Text(BriefSchema.Text, "application/schema+json; charset=utf-8");

    internal static Ok<IReadOnlyList<BriefTemplate>> GetTemplates() => TypedResults.Ok(BriefTemplates.All);

    internal static Ok<BriefFormResponse> ReadForm(BriefFormRequest request) => TypedResults.Ok(new BriefFormResponse(BriefForms.Read(request.Text ?? throw new BadHttpRequestException("'text' is missing."))));

    internal static Results<Ok<BriefEdit>, ProblemHttpResult> EditText(BriefEditRequest request) => BriefEditor.Edit(request.Text ?? throw new BadHttpRequestException("'text' is missing."), request.Form ?? throw new BadHttpRequestException("'form' is missing.")) is { } text
        ? TypedResults.Ok(new BriefEdit(text))
        : ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, "This brief is written in a way that a form cannot change without rewriting it. Make the change in its text.");

    internal static Ok<BriefChoices> GetChoices(IMetricCatalogue metrics, ITechniqueCatalogue techniques) => TypedResults.Ok(new BriefChoices(
        [
            .. metrics.Names.Select(name => metrics.TryGet(name, out var facts)
                ? new MetricChoice(name, [.. facts.AppliesTo.Select(BriefKeys.WordOf)], facts.HigherIsBetter, facts.NeedsOutOfScope)
                : throw new InvalidOperationException($"The metric '{name}' has no facts.")),
        ],
        techniques.Names,
        BriefKeys.Interactions,
        BriefKeys.OutputKinds));

    internal static async Task<Results<Ok<BriefDraft>, ProblemHttpResult>> DraftAsync(
        BriefDraftRequest request, BriefDrafter drafter, BlobStore blobs, CancellationToken cancellation)
    {
        if (!BlobStore.IsHash(request.Sha256) || string.IsNullOrWhiteSpace(request.FileName))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "A draft needs a fileName, and in sha256 the file's hash: 64 lower-case hexadecimal characters.");
        }

        if (!blobs.Exists(request.Sha256))
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"No file {request.Sha256} was uploaded. Put it to api/blobs/{request.Sha256} first.");
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
