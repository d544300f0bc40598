using System.Text.Json;
using Landfall.Protocol.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Runs;

/// <summary>Starts, joins, stops and resumes runs.</summary>
public sealed class RunService(RunStore store, RunJournal journal, IGrainFactory grains)
{
    /// <summary>Starts a run, or goes on with the unfinished one of the same request.</summary>
    public async Task<RunSummary> StartAsync(string kind, string title, string? app, string requestKey, JsonElement input, CancellationToken cancellation)
    {
        var run = await store.JoinOrCreateAsync(kind, title, app, requestKey, input, cancellation).ConfigureAwait(false);
        await grains.GetGrain<IRunGrain>(run.Id).StartAsync().ConfigureAwait(false);
        return run;
    }

    public async Task<RunSummary?> CancelAsync(string id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is null)
        {
            return null;
        }

        await grains.GetGrain<IRunGrain>(id).CancelAsync().ConfigureAwait(false);
        return (await store.FindAsync(id, cancellation).ConfigureAwait(false))?.Summary;
    }

    public async Task<RunSummary?> ResumeAsync(string id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is null)
        {
            return null;
        }

        await grains.GetGrain<IRunGrain>(id).StartAsync().ConfigureAwait(false);
        return (await store.FindAsync(id, cancellation).ConfigureAwait(false))?.Summary;
    }

    public async Task<RunDetail?> GetAsync(string id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } found)
        {
            return null;
        }

        var entries = await journal.LoadAsync(id, cancellation).ConfigureAwait(false);
        JsonElement? result = found.Entity.ResultJson is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : null;
        return new RunDetail(found.Summary, entries, result);
    }
}

/// <summary>At the start of <c>serve</c>: goes on with the runs that were at work when the last server ended.</summary>
internal sealed class RunRecovery(RunStore store, IGrainFactory grains, ILogger<RunRecovery> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interrupted = await store.ListInterruptedAsync(stoppingToken).ConfigureAwait(false);
        if (interrupted.Count > 0)
        {
            logger.ResumingRuns(interrupted.Count);
        }

        foreach (var id in interrupted)
        {
            await grains.GetGrain<IRunGrain>(id).StartAsync().ConfigureAwait(false);
        }
    }
}
