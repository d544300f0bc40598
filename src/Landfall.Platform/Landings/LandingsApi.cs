using System.Security.Cryptography;
using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Apps;
using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Datasets;
using Landfall.Platform.Hosting;
using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Landings;

/// <summary>The endpoints of <c>/api/landings</c>.</summary>
public static class LandingsApi
{
    private const double LongestBudget = 365 * 24 * 3600;

    public static IEndpointRouteBuilder MapLandings(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/landings").WithTags("Landings");
        group.MapPost("/", LandAsync).WithName("Land").WithSummary("Starts a landing, or goes on with the unfinished one of the same request.").Requires(Role.Editor);
        group.MapPost("/plan", PlanAsync).WithName("PlanLanding").WithSummary("Predicts a landing without running it.").Requires(Role.Viewer).ChangesNothing();
        return routes;
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> LandAsync(
        LandingRequest request, BriefChecker checker, TechniqueCatalogue techniques, AppStore apps, ModelStore models, RunService runs, CancellationToken cancellation)
    {
        var check = await checker.InspectAsync(request.Brief, cancellation).ConfigureAwait(false);
        if (WhyRefused(request, check, techniques) is { } problem)
        {
            return problem;
        }

        if ((request.AllowRegression || request.ReplaceOrigin) && Caller.Current.Role < Role.Operator)
        {
            return ApiProblems.Create(
                StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, "--allow-regression and --take-over decide what takes traffic: they need the role 'operator'.");
        }

        var app = check.Brief!.App;
        if (!request.ReplaceOrigin && await apps.FindAsync(app, cancellation).ConfigureAwait(false) is { } taken && taken.Origin != request.Origin)
        {
            return ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.AppExists,
                $"The app name '{app}' is taken by another folder. Choose another name in the brief's 'app', or land with --take-over to make this folder the app's.");
        }

        if (await models.FindAsync(app, cancellation).ConfigureAwait(false) is not null)
        {
            return ApiProblems.Create(
                StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"There is a model '{app}', and the gateway asks apps and models by name. Choose another name in the brief's 'app', or remove the model.");
        }

        var key = $"{LandingRun.Name}/{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, RunJson.Options)))}";
        return TypedResults.Ok(await runs.StartAsync(LandingRun.Name, $"land {app}", app, key, RunJson.ToElement(request), cancellation).ConfigureAwait(false));
    }

    private static async Task<Results<Ok<LandingPlan>, ProblemHttpResult>> PlanAsync(
        LandingRequest request, BriefChecker checker, TechniqueCatalogue techniques, IRowReader rows, BlobStore blobs, CancellationToken cancellation)
    {
        var check = await checker.InspectAsync(request.Brief, cancellation).ConfigureAwait(false);
        if (WhyRefused(request, check, techniques) is { } problem)
        {
            return problem;
        }

        var brief = check.Brief!;
        var files = new BriefSourceFiles(request.Brief);
        var (trainRows, labels) = await CountAsync(brief.Data.Train).ConfigureAwait(false);
        var (testRows, _) = await CountAsync(brief.Data.Test).ConfigureAwait(false);
        var budget = request.BudgetSeconds ?? brief.Budget.Time.TotalSeconds;
        var steps = new List<PlannedCandidate>();
        var spent = 0.0;
        foreach (var (technique, wanted) in techniques.RequestsOf(brief, request.Techniques))
        {
            var forecast = technique.Forecast(trainRows, testRows, labels);
            var standing = await technique.StandAsync(brief, wanted.Settings, cancellation).ConfigureAwait(false);
            var why = technique.WhyUnfit(brief) ?? standing.WhyUnavailable ?? (spent + forecast.Time.TotalSeconds > budget ? "the time budget would be spent." : null);
            spent += why is null ? forecast.Time.TotalSeconds : 0;
            var name = Candidate.Create(wanted, technique, brief, "", "").Name;
            steps.Add(new PlannedCandidate(name, technique.Name, why is null, why, Math.Round(forecast.Time.TotalSeconds, 2), forecast.MemoryBytes));
        }

        var warnings = check.Response.Problems.Where(p => p.Severity == Severity.Warning).ToList();
        return TypedResults.Ok(new LandingPlan(brief.App, steps, budget, warnings));

        async Task<(long Rows, int Labels)> CountAsync(string path)
        {
            var content = blobs.Open(files.HashOf(path));
            await using (content.ConfigureAwait(false))
            {
                long count = 0;
                var seen = new HashSet<string>(StringComparer.Ordinal);
                await foreach (var row in rows.ReadAsync(content, path, cancellation).ConfigureAwait(false))
                {
                    count++;
                    if (brief.Output == OutputKind.Label)
                    {
                        seen.Add(row.Expected);
                    }
                }

                return (count, seen.Count);
            }
        }
    }

    private static ProblemHttpResult? WhyRefused(LandingRequest request, CheckedBrief check, TechniqueCatalogue techniques)
    {
        if (check.Brief is not { } brief)
        {
            var errors = check.Response.Problems.Where(p => p.Severity == Severity.Error).ToList();
            var code = errors.TrueForAll(p => p.Code == ErrorCodes.DataInvalid) ? ErrorCodes.DataInvalid : ErrorCodes.BriefInvalid;
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, code, $"The brief has {errors.Count} error(s): {errors[0].Message}", check.Response.Problems);
        }

        if (check.Response.Files.FirstOrDefault(f => !request.Brief.Files.ContainsKey(f)) is { } missing)
        {
            return ApiProblems.Create(StatusCodes.Status422UnprocessableEntity, ErrorCodes.BadRequest, $"The brief names {missing}, which is not among the request's files. Upload it first.");
        }

        if (request.BudgetSeconds is <= 0 or > LongestBudget)
        {
            return ApiProblems.Create(
                StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"The time budget is {request.BudgetSeconds} s; it must be above 0 and at most {LongestBudget} s (a year).");
        }

        var asked = techniques.RequestsOf(brief, []).Select(r => r.Technique.Name).ToHashSet(StringComparer.Ordinal);
        return request.Techniques.FirstOrDefault(t => !asked.Contains(t)) is { } unknown
            ? ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"The brief's landing has no technique '{unknown}'. It has: {string.Join(", ", asked)}.")
            : null;
    }
}
