using System.Globalization;
using Landfall.Platform.Access;
using Landfall.Platform.Apps;
using Landfall.Platform.Briefs;
using Landfall.Platform.Hosting;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Releases;

/// <summary>The endpoints of an app's history: its landings, two of them compared, an earlier release made live again.</summary>
public static class ReleasesApi
{
    private const int MostChanges = 500;

    public static IEndpointRouteBuilder MapReleases(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/apps/{app}").WithTags("Releases");
        group.MapGet("/landings", ListAsync).WithName("ListLandings").WithSummary("An app's finished landings, newest first.").Requires(Role.Viewer);
        group.MapGet("/landings/{number:int}", GetAsync).WithName("GetLanding").WithSummary("A finished landing with its brief and its report.").Requires(Role.Viewer);
        group.MapGet("/compare", CompareAsync).WithName("CompareReleases").WithSummary("Two releases or candidates side by side: metrics, paired tests, changed answers.").Requires(Role.Viewer);
        group.MapPost("/release", ReleaseAsync).WithName("MakeLive").WithSummary("Lets an earlier landing's release take the app's traffic again.").Requires(Role.Operator);
        return routes;
    }

    internal static async Task<Results<Ok<IReadOnlyList<LandingRecord>>, ProblemHttpResult>> ListAsync(
        string app, AppStore apps, LandingHistory history, ReleaseStore releases, CancellationToken cancellation)
    {
        if (await apps.FindAsync(app, cancellation).ConfigureAwait(false) is null)
        {
            return NoSuchApp(app);
        }

        var landings = await history.ListAsync(app, cancellation).ConfigureAwait(false);
        var live = LandingHistory.LiveOf(landings, await releases.FindAsync(app, cancellation).ConfigureAwait(false));
        return TypedResults.Ok<IReadOnlyList<LandingRecord>>([.. landings.Select(l => l.ToRecord(l == live))]);
    }

    internal static async Task<Results<Ok<LandingDetail>, ProblemHttpResult>> GetAsync(
        string app, int number, LandingHistory history, ReleaseStore releases, CancellationToken cancellation)
    {
        var landings = await history.ListAsync(app, cancellation).ConfigureAwait(false);
        if (landings.FirstOrDefault(l => l.Entity.Number == number) is not { } landing)
        {
            return NoSuchLanding(app, number);
        }

        var live = LandingHistory.LiveOf(landings, await releases.FindAsync(app, cancellation).ConfigureAwait(false));
        return TypedResults.Ok(new LandingDetail(landing.ToRecord(landing == live), landing.Entity.Brief, landing.Report));
    }

    internal static async Task<Results<Ok<ReleaseComparison>, ProblemHttpResult>> CompareAsync(
        string app, string a, string b, LandingHistory history, ReleaseStore releases, ReleaseComparer comparer, CancellationToken cancellation,
        string filter = "all", long offset = 0, int limit = 50)
    {
        AnswerChange? change = filter switch { "broken" => AnswerChange.Broken, "fixed" => AnswerChange.Fixed, "other" => AnswerChange.Other, _ => null };
        if (offset < 0 || limit is < 1 or > MostChanges || (change is null && filter != "all"))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"filter is all, broken, fixed or other; offset is at least 0; limit is 1 to {MostChanges}.");
        }

        var landings = await history.ListAsync(app, cancellation).ConfigureAwait(false);
        if (landings.Count == 0)
        {
            return NoSuchApp(app);
        }

        var live = LandingHistory.LiveOf(landings, await releases.FindAsync(app, cancellation).ConfigureAwait(false));
        if (Find(landings, live, a) is not { } first)
        {
            return NoSuchSide(app, a, landings);
        }

        if (Find(landings, live, b) is not { } second)
        {
            return NoSuchSide(app, b, landings);
        }

        return await comparer.CompareAsync(first, second, live, new ChangeFilter(change, offset, limit), cancellation).ConfigureAwait(false) is { } comparison
            ? TypedResults.Ok(comparison)
            : ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"No test row of landing {second.Landing.Entity.Number} was answered by both: their test data have nothing in common. Land both on the same test data, then compare.");
    }

    internal static async Task<Results<Ok<ReleaseReport>, ProblemHttpResult>> ReleaseAsync(
        string app, ReleaseRequest request, LandingHistory history, ReleaseStore releases, CancellationToken cancellation)
    {
        if (await history.FindAsync(app, request.Landing, cancellation).ConfigureAwait(false) is not { } landing)
        {
            return NoSuchLanding(app, request.Landing);
        }

        if (landing.Report.Release is not { } release)
        {
            return ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"Landing {request.Landing} of '{app}' released nothing, so there is nothing to make live.");
        }

        var outOfScope = BriefParser.Parse(landing.Entity.Brief).Brief?.Scope?.Out;
        await releases.SetAsync(app, new LiveRelease(release, outOfScope, landing.Entity.ReportSha256), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(release);
    }

    /// <summary><c>3</c>: what stands for landing 3; <c>3/linear</c>: a candidate of it; <c>linear</c>: one of the last landing; <c>live</c>.</summary>
    private static LandedCandidate? Find(IReadOnlyList<PastLanding> landings, PastLanding? live, string side)
    {
        var slash = side.IndexOf('/', StringComparison.Ordinal);
        var (head, name) = slash < 0 ? (side, null) : (side[..slash], side[(slash + 1)..]);
        PastLanding? landing;
        if (head == "live")
        {
            landing = live;
        }
        else if (int.TryParse(head, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            landing = landings.FirstOrDefault(l => l.Entity.Number == number);
        }
        else
        {
            (landing, name) = (landings[0], side);
        }

        var candidate = name is null ? landing?.Standing : landing?.Report.Candidates.FirstOrDefault(c => c.Name == name && c.Status == CandidateStatus.Measured);
        return candidate is null ? null : new LandedCandidate(landing!, candidate);
    }

    private static ProblemHttpResult NoSuchApp(string app) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no app '{app}' with a finished landing.");

    private static ProblemHttpResult NoSuchLanding(string app, int number) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"'{app}' has no landing {number}. GET api/apps/{app}/landings lists them.");

    private static ProblemHttpResult NoSuchSide(string app, string side, IReadOnlyList<PastLanding> landings) => ApiProblems.Create(
        StatusCodes.Status404NotFound,
        ErrorCodes.NotFound,
        $"'{app}' has nothing to compare under '{side}'. Give a landing (1 to {landings[0].Entity.Number}), a candidate of one (such as {landings[0].Entity.Number}/{landings[0].Standing?.Name ?? "linear"}), or live.");
}
