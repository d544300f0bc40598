using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Hosting;
using Landfall.Protocol;
using Landfall.Protocol.Errors;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Runs;

/// <summary>The endpoints of <c>/api/runs</c>.</summary>
public static class RunsApi
{
    public static IEndpointRouteBuilder MapRuns(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/runs").WithTags("Runs");
        group.MapGet("/", ListAsync).WithName("ListRuns").WithSummary("All runs, newest first.").Requires(Role.Viewer);
        group.MapGet("/{id}", GetAsync).WithName("GetRun").WithSummary("A run with its journal.").Requires(Role.Viewer);
        group.MapGet("/{id}/log", GetLogAsync).WithName("GetRunLog").WithSummary("A run's log.").Requires(Role.Viewer);
        group.MapGet("/{id}/events", FollowAsync).WithName("FollowRun").WithSummary("A run's events: what has been, then live (server-sent events).")
            .Requires(Role.Viewer);
        group.MapPost("/{id}/cancel", CancelAsync).WithName("CancelRun").WithSummary("Stops a run at its next step.").Requires(Role.Editor);
        group.MapPost("/{id}/resume", ResumeAsync).WithName("ResumeRun").WithSummary("Goes on with a failed, cancelled or interrupted run.")
            .Requires(Role.Editor);
        return routes;
    }

    private static async Task<Ok<IReadOnlyList<RunSummary>>> ListAsync(RunStore store, CancellationToken cancellation) =>
        TypedResults.Ok(await store.ListAsync(app: null, limit: 500, cancellation).ConfigureAwait(false));

    private static async Task<Results<Ok<RunDetail>, ProblemHttpResult>> GetAsync(string id, RunService runs, CancellationToken cancellation) =>
        await runs.GetAsync(id, cancellation).ConfigureAwait(false) is { } run ? TypedResults.Ok(run) : NoSuchRun(id);

    private static async Task<Results<Ok<IReadOnlyList<RunLogLine>>, ProblemHttpResult>> GetLogAsync(
        string id, RunStore store, RunJournal journal, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation).ConfigureAwait(false) is null ? NoSuchRun(id) : TypedResults.Ok(await journal.LoadLogAsync(id, cancellation).ConfigureAwait(false));

    private static async Task<Results<ServerSentEventsResult<string>, ProblemHttpResult>> FollowAsync(
        string id, RunStore store, RunJournal journal, RunFeed feed, CancellationToken cancellation)
    {
        // Taken before the run's state is read: a run that ends in between is followed from memory to its end.
        var live = feed.Find(id);
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } found)
        {
            return NoSuchRun(id);
        }

        var events = live is null ? ReplayAsync(found.Summary, journal, cancellation) : FollowLiveAsync(found.Summary, live, store, cancellation);
        return TypedResults.ServerSentEvents(SerializeAsync(events, cancellation));
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> CancelAsync(string id, RunService runs, RunStore store, CancellationToken cancellation)
    {
        var found = (await store.FindAsync(id, cancellation).ConfigureAwait(false))?.Summary;
        if (found is not null && WhyNotTheirs(found) is { } refusal)
        {
            return refusal;
        }

        if (found is { State: not (RunState.Running or RunState.Pending) } ended)
        {
            return ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"Run {id} is {ended.State.ToString().ToLowerInvariant()}: there is nothing to cancel.");
        }

        return await runs.CancelAsync(id, cancellation).ConfigureAwait(false) is { } run ? TypedResults.Ok(run) : NoSuchRun(id);
    }

    private static async Task<Results<Ok<RunSummary>, ProblemHttpResult>> ResumeAsync(string id, RunService runs, RunStore store, CancellationToken cancellation)
    {
        var found = (await store.FindAsync(id, cancellation).ConfigureAwait(false))?.Summary;
        if (found is not null && WhyNotTheirs(found) is { } refusal)
        {
            return refusal;
        }

        if (found is { State: RunState.Completed })
        {
            return ApiProblems.Create(StatusCodes.Status409Conflict, ErrorCodes.Conflict, $"Run {id} is completed: there is nothing to resume.");
        }

        return await runs.ResumeAsync(id, cancellation).ConfigureAwait(false) is { } run ? TypedResults.Ok(run) : NoSuchRun(id);
    }

    /// <summary>An editor stops and resumes what they started; what others started is an operator's.</summary>
    private static ProblemHttpResult? WhyNotTheirs(RunSummary run) => Caller.Current.Role >= Role.Operator || run.StartedBy == Caller.Current.Name
        ? null
        : ApiProblems.Create(
            StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, $"Run {run.Id} was started by {run.StartedBy}. Stopping or resuming what others started needs the role 'operator'.");

    private static ProblemHttpResult NoSuchRun(string id) =>
        ApiProblems.Create(StatusCodes.Status404NotFound, ErrorCodes.NotFound, $"There is no run '{id}'. `landfall runs list` shows them all.");

    private static async IAsyncEnumerable<RunEvent> FollowLiveAsync(
        RunSummary run, LiveRun live, RunStore store, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new RunEvent { Type = "state", Run = run with { State = RunState.Running } };
        var ended = false;
        var events = live.Follow();
        try
        {
            await foreach (var item in events.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                ended |= item.Run is not null;
                yield return item;
            }
        }
        finally
        {
            live.Leave(events);
        }

        if (!ended && await store.FindAsync(run.Id, cancellation).ConfigureAwait(false) is { } now)
        {
            yield return new RunEvent { Type = "state", Run = now.Summary };
        }
    }

    private static async IAsyncEnumerable<RunEvent> ReplayAsync(RunSummary run, RunJournal journal, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var line in await journal.LoadLogAsync(run.Id, cancellation).ConfigureAwait(false))
        {
            yield return new RunEvent { Type = "log", Log = line };
        }

        foreach (var row in RunExecutor.RowsOf(await journal.LoadAsync(run.Id, cancellation).ConfigureAwait(false)))
        {
            yield return new RunEvent { Type = "row", Row = row };
        }

        yield return new RunEvent { Type = "state", Run = run };
    }

    private static async IAsyncEnumerable<SseItem<string>> SerializeAsync(IAsyncEnumerable<RunEvent> events, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var item in events.WithCancellation(cancellation).ConfigureAwait(false))
        {
            yield return new SseItem<string>(JsonSerializer.Serialize(item, LandfallJsonContext.Default.RunEvent), item.Type);
        }
    }
}
