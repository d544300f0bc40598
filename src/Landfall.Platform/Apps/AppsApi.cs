using System.Diagnostics;
using System.Text;
using Landfall.Platform.Access;
using Landfall.Platform.Candidates;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Reports;
using Landfall.Platform.Gateway;
using Landfall.Platform.Hosting;
using Landfall.Platform.Releases;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Apps;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Apps;

/// <summary>The endpoints of <c>/api/apps</c>.</summary>
public static class AppsApi
{
    public static IEndpointRouteBuilder MapApps(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/apps").WithTags("Apps");
        group.MapGet("/", ListAsync).WithName("ListApps").WithSummary("All apps by name.").Requires(Role.Viewer);
        group.MapGet("/{app}", GetAsync).WithName("GetApp").WithSummary("One app: brief, last report, release, runs.").Requires(Role.Viewer);
        group.MapGet("/{app}/report", GetReportAsync).WithName("GetReport").WithSummary("The last report as json, html or junit.").Requires(Role.Viewer);
        group.MapGet("/{app}/candidates/{candidate}/examples", GetExamplesAsync).WithName("GetExamples").WithSummary("Test examples with a candidate's answers.")
            .Requires(Role.Viewer);
        group.MapPost("/{app}/try", TryAsync).WithName("TryApp").WithSummary("Asks the app's live release.").Requires(Role.Viewer).ChangesNothing();
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<AppSummary>>> ListAsync(AppStore apps, ReleaseStore releases, RunStore runs, CancellationToken cancellation)
    {
        var summaries = new List<AppSummary>();
        foreach (var app in await apps.ListAsync(cancellation).ConfigureAwait(false))
        {
            var report = await apps.ReadReportAsync(app, cancellation).ConfigureAwait(false);
            summaries.Add(await SummarizeAsync(app, report, releases, runs, cancellation).ConfigureAwait(false));
        }

        return TypedResults.Ok<IReadOnlyList<AppSummary>>(summaries);
    }

    private static async Task<Results<Ok<AppDetail>, ProblemHttpResult>> GetAsync(string app, AppStore apps, ReleaseStore releases, RunStore runs, CancellationToken cancellation)
    {
        if (await apps.FindAsync(app, cancellation).ConfigureAwait(false) is not { } entity)
        {
            return NoSuchApp(app);
        }

        var report = await apps.ReadReportAsync(entity, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new AppDetail(
            await SummarizeAsync(entity, report, releases, runs, cancellation).ConfigureAwait(false),
            entity.Brief,
            report,
            await runs.ListAsync(app, limit: 50, cancellation).ConfigureAwait(false)));
    }

    private static async Task<AppSummary> SummarizeAsync(AppEntity app, Report? report, ReleaseStore releases, RunStore runs, CancellationToken cancellation)
    {
        var live = (await releases.FindAsync(app.Name, cancellation).ConfigureAwait(false))?.Release;
        var standing = report?.Candidates.FirstOrDefault(c => c.Hash == live?.Hash && c.Targets.Count > 0)
            ?? (report is null ? null : Nearest(report));
        return new AppSummary
        {
            Name = app.Name,
            Scenario = app.Scenario,
            Targets = standing?.Targets ?? [],
            Release = live,
            LastRun = (await runs.ListAsync(app.Name, limit: 1, cancellation).ConfigureAwait(false)).FirstOrDefault(),
        };
    }

    /// <summary>Without a release that was measured in the report: the candidate that the obstacle names, or the one that meets most.</summary>
    private static CandidateReport? Nearest(Report report) =>
        report.Candidates.Where(c => c.Targets.Count > 0).OrderByDescending(c => c.Targets.Count(t => t.Verdict == Verdict.Met)).FirstOrDefault();

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> GetReportAsync(
        string app, AppStore apps, AppExamples examples, HttpRequest request, CancellationToken cancellation, string format = "json")
    {
        if (await apps.FindAsync(app, cancellation).ConfigureAwait(false) is not { } entity)
        {
            return NoSuchApp(app);
        }

        if (await apps.ReadReportAsync(entity, cancellation).ConfigureAwait(false) is not { } report)
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"The app '{app}' has no report yet: its landing has not ended.");
        }

        return format switch
        {
            "json" => Written(JsonReport.Write, report, "application/json; charset=utf-8"),
            "junit" => Written(JUnitReport.Write, report, "application/xml; charset=utf-8"),
            "html" => TypedResults.Text(await RenderAsync(entity, report, examples, ReportTexts.For(LanguageOf(request)), cancellation).ConfigureAwait(false), "text/html; charset=utf-8"),
            _ => ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, $"The format is '{format}'; it is json, html or junit."),
        };
    }

    private static ContentHttpResult Written(Action<Report, Stream> write, Report report, string contentType)
    {
        using var content = new MemoryStream();
        write(report, content);
        return TypedResults.Text(Encoding.UTF8.GetString(content.ToArray()), contentType);
    }

    private static async Task<string> RenderAsync(AppEntity app, Report report, AppExamples examples, ReportTexts texts, CancellationToken cancellation)
    {
        var wrong = new Dictionary<string, IReadOnlyList<ExampleResult>>(StringComparer.Ordinal);
        foreach (var candidate in report.Candidates.Where(c => c.Status == CandidateStatus.Measured))
        {
            var all = await examples.ListAsync(app, report, candidate, cancellation).ConfigureAwait(false);
            wrong[candidate.Name] = [.. all.Where(IsWrong)];
        }

        using var html = new StringWriter();
        HtmlReport.Write(report, app.Brief, wrong, texts, html);
        return html.ToString();
    }

    private static bool IsWrong(ExampleResult example) => example.Correct == false || (example.Correct is null && example.Scores.Values.Any(s => s < 1));

    private static string LanguageOf(HttpRequest request)
    {
        var wanted = request.Query["language"].FirstOrDefault() ?? request.GetTypedHeaders().AcceptLanguage.FirstOrDefault()?.Value.Value;
        return wanted ?? "en";
    }

    private static async Task<Results<Ok<ExamplePage>, ProblemHttpResult>> GetExamplesAsync(
        string app, string candidate, AppStore apps, AppExamples examples, CancellationToken cancellation,
        string filter = "all", string? expected = null, string? got = null, long offset = 0, int limit = 50)
    {
        if (offset < 0 || limit is < 1 or > 500 || filter is not ("all" or "wrong" or "right"))
        {
            return ApiProblems.Create(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "filter is all, wrong or right; offset is at least 0; limit is 1 to 500.");
        }

        if (await apps.FindAsync(app, cancellation).ConfigureAwait(false) is not { } entity
            || await apps.ReadReportAsync(entity, cancellation).ConfigureAwait(false) is not { } report)
        {
            return NoSuchApp(app);
        }

        if (report.Candidates.FirstOrDefault(c => c.Name == candidate) is not { } row)
        {
            return ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"The last report of '{app}' has no candidate '{candidate}'.");
        }

        var all = await examples.ListAsync(entity, report, row, cancellation).ConfigureAwait(false);
        var found = all.Where(e => filter == "all" || (filter == "wrong") == IsWrong(e))
            .Where(e => (expected is null || e.Expected == expected) && (got is null || e.Got == got)).ToList();
        return TypedResults.Ok(new ExamplePage(found.Count, [.. found.Skip((int)Math.Min(offset, int.MaxValue)).Take(limit)]));
    }

    private static async Task<Results<Ok<TryResponse>, ProblemHttpResult>> TryAsync(
        string app, TryRequest request, AppStore apps, ReleaseStore releases, AppAnswerer answerer, CancellationToken cancellation)
    {
        if (await apps.FindAsync(app, cancellation).ConfigureAwait(false) is not { } entity)
        {
            return NoSuchApp(app);
        }

        if (await releases.FindAsync(app, cancellation).ConfigureAwait(false) is not { } live)
        {
            return ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"The app '{app}' has no release: no candidate has met its targets yet.");
        }

        var started = Stopwatch.GetTimestamp();
        var answer = await answerer.AnswerAsync(live, new Question(request.Text ?? ""), cancellation).ConfigureAwait(false);
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var isLabel = Briefs.BriefParser.Parse(entity.Brief).Brief?.Output == Briefs.OutputKind.Label;
        return TypedResults.Ok(new TryResponse(
            answer.Content,
            isLabel ? answer.Answer.Text : null,
            answer.Answer.Confidence,
            milliseconds,
            [.. answer.Answer.Alternatives.Select(a => new Alternative(a.Label, a.Confidence))],
            answer.Answer.Call));
    }

    private static ProblemHttpResult NoSuchApp(string app) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no app '{app}' with a report. `landfall apps list` shows them all.");
}
