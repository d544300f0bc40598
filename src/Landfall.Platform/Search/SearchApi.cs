using System.Security.Cryptography;
using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Apps;
using Landfall.Platform.Briefs;
using Landfall.Platform.Hosting;
using Landfall.Platform.Runs;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Runs;
using Landfall.Protocol.Search;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Search;

/// <summary>The endpoints of <c>/api/searches</c>.</summary>
public static class SearchApi
{
    public static IEndpointRouteBuilder MapSearches(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/searches").WithTags("Search");
        group.MapPost("/", SearchAsync).WithName("Search").WithSummary("Starts a search for a technique's settings, or goes on with the unfinished one of the same request.").Requires(Role.Editor);
        group.MapPost("/plan", PlanAsync).WithName("PlanSearches").WithSummary("Says what a request would search for.").Requires(Role.Viewer).ChangesNothing();
        group.MapGet("/{id}", GetAsync).WithName("GetSearch").WithSummary("A search with its trials so far.").Requires(Role.Viewer);
        return routes;
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> SearchAsync(
        SearchRequest request, BriefChecker checker, SearchPlanner planner, SearchMethods methods, AppStore apps, RunService runs, CancellationToken cancellation)
    {
        var check = await checker.InspectAsync(request.Brief, cancellation).ConfigureAwait(false);
        if (WhyRefused(request, check, methods) is { } problem)
        {
            return problem;
        }

        var (searches, left) = planner.Plan(check.Brief!, request);
        if (searches is not [var plan])
        {
            return BadRequest(searches.Count == 0
                ? $"There is nothing to search. {Remedy(left)}"
                : $"The brief has searches for {string.Join(", ", searches.Select(s => s.Technique))}. Name one of them in 'technique'.");
        }

        var name = check.Brief!.App;
        var app = await apps.FindAsync(name, cancellation).ConfigureAwait(false) is null ? null : name;
        var key = $"{SearchRun.Name}/{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, RunJson.Options)))}";
        return TypedResults.Ok(await runs.StartAsync(SearchRun.Name, $"search {name}: {plan.Technique}", app, key, RunJson.ToElement(request), cancellation).ConfigureAwait(false));
    }

    private static async Task<Results<Ok<SearchPlans>, ProblemHttpResult>> PlanAsync(
        SearchRequest request, BriefChecker checker, SearchPlanner planner, SearchMethods methods, CancellationToken cancellation)
    {
        var check = await checker.InspectAsync(request.Brief, cancellation).ConfigureAwait(false);
        if (WhyRefused(request, check, methods) is { } problem)
        {
            return problem;
        }

        var (searches, left) = planner.Plan(check.Brief!, request);
        return searches.Count == 0
            ? BadRequest($"There is nothing to search. {Remedy(left)}")
            : TypedResults.Ok(new SearchPlans(check.Brief!.App, searches, left));
    }

    private static async Task<Results<Ok<SearchDetail>, ProblemHttpResult>> GetAsync(string id, RunService runs, CancellationToken cancellation)
    {
        if (await runs.GetAsync(id, cancellation).ConfigureAwait(false) is not { Run.Kind: SearchRun.Name } found)
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no search '{id}'. `landfall runs list` shows all runs.");
        }

        var plan = found.Journal.FirstOrDefault(entry => entry is { Kind: "decision", Step: SearchRun.PlanStep })?.Payload.To<RunContext.Outcome>().Value.To<SearchPlan>();
        var trials = found.Journal.Where(entry => entry.Kind == "outcome" && entry.Step.StartsWith(SearchRun.TrialStep, StringComparison.Ordinal))
            .Select(entry => entry.Payload.To<RunContext.Outcome>().Value.To<TrialOutcome>().Trial).ToList();
        return TypedResults.Ok(new SearchDetail(found.Run, plan, trials, found.Result?.To<SearchResult>()));
    }

    private static ProblemHttpResult? WhyRefused(SearchRequest request, CheckedBrief check, SearchMethods methods)
    {
        if (check.Brief is null)
        {
            var errors = check.Response.Problems.Where(p => p.Severity == Severity.Error).ToList();
            var code = errors.TrueForAll(p => p.Code == ErrorCodes.DataInvalid) ? ErrorCodes.DataInvalid : ErrorCodes.BriefInvalid;
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, code, $"The brief has {errors.Count} error(s): {errors[0].Message}", check.Response.Problems);
        }

        if (check.Response.Files.FirstOrDefault(f => !request.Brief.Files.ContainsKey(f)) is { } missing)
        {
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, ErrorCodes.BadRequest, $"The brief names {missing}, which is not among the request's files. Upload it first.");
        }

        return request.Trials is < 1 or > BriefSearch.MostTrials ? BadRequest($"A search of {request.Trials} trials is not possible; it has 1 to {BriefSearch.MostTrials}.")
            : request.Seed < 0 ? BadRequest($"The seed is {request.Seed}; it must be 0 or more.")
            : request.Method is { } method && methods.Find(method) is null ? BadRequest($"There is no search method '{method}'. The methods are {string.Join(", ", methods.Names)}.")
            : null;
    }

    private static string Remedy(IReadOnlyList<string> left) =>
        left.Count == 0 ? "No technique of the brief has ranges of its own. Write a 'search' in the brief." : string.Join(" ", left);

    private static ProblemHttpResult BadRequest(string message) => ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, message);
}
