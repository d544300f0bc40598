using Landfall.Platform.Access;
using Landfall.Platform.Apps;
using Landfall.Platform.Briefs;
using Landfall.Platform.Hosting;
using Landfall.Platform.Landings;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Drafts;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Landings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Drafts;

/// <summary>The endpoints of <c>/api/drafts</c>.</summary>
public static class DraftsApi
{
    /// <summary>As in a brief's check.</summary>
    private const int LongestText = 1 << 20;

    public static IEndpointRouteBuilder MapDrafts(this IEndpointRouteBuilder routes)
    {
        var drafts = routes.MapGroup("/api/drafts").WithTags("Drafts");
        drafts.MapGet("/", ListAsync).WithName("ListDrafts").WithSummary("Briefs that are kept on the server, last changed first.").Requires(Role.Viewer);
        drafts.MapPost("/", CreateAsync).WithName("CreateDraft").WithSummary("Drafts a brief from an uploaded file, or takes an app's as last landed.").Requires(Role.Editor);
        drafts.MapGet("/{id}", GetAsync).WithName("GetDraft").WithSummary("A draft.").Requires(Role.Viewer);
        drafts.MapPut("/{id}", ChangeAsync).WithName("ChangeDraft").WithSummary("Changes a draft's text.").Requires(Role.Editor);
        drafts.MapDelete("/{id}", RemoveAsync).WithName("RemoveDraft").WithSummary("Removes a draft. The app that was landed from it stays.").Requires(Role.Editor);
        return routes;
    }

    internal static async Task<Ok<IReadOnlyList<DraftSummary>>> ListAsync(DraftStore drafts, AppStore apps, CancellationToken cancellation)
    {
        var landed = (await apps.ListAsync(cancellation).ConfigureAwait(false)).Select(a => a.Origin).ToHashSet(StringComparer.Ordinal);
        var all = await drafts.ListAsync(cancellation).ConfigureAwait(false);
        return TypedResults.Ok<IReadOnlyList<DraftSummary>>(
        [
            .. all.Select(d => new DraftSummary
            {
                Id = d.Id,
                App = BriefParser.Parse(d.Text).Parts.App,
                FileName = d.Source?.FileName,
                IsLanded = landed.Contains(d.Origin),
                ChangedAt = d.ChangedAt,
                ChangedBy = d.ChangedBy,
            }),
        ]);
    }

    internal static async Task<Results<Ok<Draft>, ProblemHttpResult>> CreateAsync(
        DraftRequest request, DraftStore drafts, ChosenColumns columns, BriefDrafter drafter, BlobStore blobs, AppStore apps, RunStore runs, CancellationToken cancellation) => request switch
        {
            { Source: { } source, App: null } => await FromFileAsync(source, drafts, columns, drafter, blobs, cancellation).ConfigureAwait(false),
            { Source: null, App: { } app } => await FromAppAsync(app, drafts, apps, runs, cancellation).ConfigureAwait(false),
            _ => ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "A draft is made from a source (an uploaded file) or from an app: give exactly one of the two."),
        };

    internal static async Task<Results<Ok<Draft>, ProblemHttpResult>> GetAsync(string id, DraftStore drafts, CancellationToken cancellation) =>
        await drafts.FindAsync(id, cancellation).ConfigureAwait(false) is { } draft ? TypedResults.Ok(draft) : NoSuchDraft(id);

    internal static async Task<Results<Ok<Draft>, ProblemHttpResult>> ChangeAsync(string id, DraftChange change, DraftStore drafts, CancellationToken cancellation)
    {
        if ((change.Text ?? throw new BadHttpRequestException("'text' is missing.")).Length > LongestText)
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"The brief has {change.Text.Length:N0} characters; the limit is {LongestText:N0}. Examples belong into the data files.");
        }

        if (await drafts.ChangeAsync(id, change, cancellation).ConfigureAwait(false) is { } changed)
        {
            return TypedResults.Ok(changed);
        }

        return await drafts.FindAsync(id, cancellation).ConfigureAwait(false) is { } other
            ? ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"{other.ChangedBy} has changed this draft meanwhile: it is revision {other.Revision} by now, and you edited {change.Revision}. Load it again, and make your change there.")
            : NoSuchDraft(id);
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string id, DraftStore drafts, CancellationToken cancellation) =>
        await drafts.RemoveAsync(id, cancellation).ConfigureAwait(false) ? TypedResults.NoContent() : NoSuchDraft(id);

    private static async Task<Results<Ok<Draft>, ProblemHttpResult>> FromFileAsync(
        DraftSource source, DraftStore drafts, ChosenColumns columns, BriefDrafter drafter, BlobStore blobs, CancellationToken cancellation)
    {
        if ((source.TextField is null) != (source.ExpectedField is null) || (source.TextField is not null && source.TextField == source.ExpectedField))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "textField and expectedField are given together, and name two columns.");
        }

        var rows = BlobStore.IsHash(source.Sha256) && blobs.Exists(source.Sha256) ? await columns.ApplyAsync(source, cancellation).ConfigureAwait(false) : source;
        var drafted = await BriefsApi.DraftAsync(new BriefDraftRequest(rows.FileName, rows.Sha256), drafter, blobs, cancellation).ConfigureAwait(false);
        return drafted.Result switch
        {
            Ok<BriefDraft> { Value: { } brief } => TypedResults.Ok(await drafts.AddAsync(brief.Text, brief.Files, brief.Assumptions, source, copyOf: null, cancellation).ConfigureAwait(false)),
            ProblemHttpResult problem => problem,
            _ => throw new InvalidOperationException("A draft is a brief or a problem."),
        };
    }

    private static async Task<Results<Ok<Draft>, ProblemHttpResult>> FromAppAsync(string name, DraftStore drafts, AppStore apps, RunStore runs, CancellationToken cancellation)
    {
        if (await apps.FindAsync(name, cancellation).ConfigureAwait(false) is not { } app)
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no app '{name}'.");
        }

        if (DraftStore.IdOf(app.Origin) is { } id && await drafts.FindAsync(id, cancellation).ConfigureAwait(false) is { } own)
        {
            return TypedResults.Ok(own);
        }

        if (await runs.FindLastInputAsync(LandingRun.Name, name, cancellation).ConfigureAwait(false) is not { } input)
        {
            return ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"No landing of '{name}' has ended yet: there is no brief to take. Wait for its run.");
        }

        var landed = input.To<LandingRequest>().Brief;
        return TypedResults.Ok(await drafts.AddAsync(landed.Text, landed.Files, assumptions: [], source: null, copyOf: name, cancellation).ConfigureAwait(false));
    }

    private static ProblemHttpResult NoSuchDraft(string id) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no draft '{id}'. GET api/drafts lists them.");
}
