using System.Data.Common;
using System.Text.Json;
using Landfall.Platform.Access;
using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol.Reports;
using Landfall.Protocol.Runs;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Runs;

/// <summary>Carries a run from its journal to its end, as its newest owner.</summary>
public sealed class RunExecutor(
    RunJournal journal, RunStore store, RunFeed feed, IEnumerable<IRunKind> kinds, DatabasePatience patience,
    TimeProvider time, ILogger<RunExecutor> logger)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Claims the run and works on it until it ends.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="opened">Called once the run can be followed.</param>
    /// <param name="cancelled">Somebody wants it to stop.</param>
    /// <param name="shutdown">The process ends: the run stays unfinished, and is resumed later.</param>
    public async Task ExecuteAsync(string runId, Action opened, CancellationToken cancelled, CancellationToken shutdown)
    {
        var entity = await store.FindOfAnyTeamAsync(runId, shutdown).ConfigureAwait(false) ?? throw new KeyNotFoundException($"There is no run '{runId}'.");

        // A run works on behalf of who started it, whatever the work here was called from.
        using var acting = Caller.Act(new Caller(entity.Team, entity.StartedBy, Role.Editor));
        var known = (await store.FindAsync(runId, shutdown).ConfigureAwait(false))!.Value.Summary;
        var run = await OwnAsync(runId, before: null, shutdown).ConfigureAwait(false);
        opened();
        string? unwritten = null;
        try
        {
            await WorkThroughOutagesAsync(run, entity, cancelled, shutdown).ConfigureAwait(false);
        }
        catch (FencedException fenced)
        {
            logger.RunFenced(runId, fenced.Message);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            logger.RunInterrupted(runId);
        }
        catch (Exception error)
        {
            // Not even the failure can be written down: the run stays unfinished on disk, and those who follow it are told why.
            unwritten = Report(error, runId);
        }
        finally
        {
            feed.Close(runId, await EndedAsync(known, unwritten).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Works until the run ends. When the database goes away, the run waits for it, becomes its own next owner, and goes
    /// on from the journal: whether the last write got through is read there.
    /// </summary>
    private async Task WorkThroughOutagesAsync(RunContext run, RunEntity entity, CancellationToken cancelled, CancellationToken shutdown)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled, shutdown);
        while (true)
        {
            try
            {
                await WorkAndLogAsync(run, entity, cancelled, shutdown).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (DatabaseOutage.Is(error) && !stop.IsCancellationRequested)
            {
                var message = $"{DatabaseOutage.Describe(error)} The run waits for it, for up to {patience.Limit.TotalSeconds:0} s.";
                logger.RunRefused(run.RunId, message);
                run.Log(message, "warning");
                run.Report(fraction: null, message);
                var lost = run;
                run = await patience.RetryAsync(c => OwnAsync(lost.RunId, lost, c), stop.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Becomes the run's owner and reads what has been done; <paramref name="before"/> is this process's own earlier try.</summary>
    private async Task<RunContext> OwnAsync(string runId, RunContext? before, CancellationToken cancellation)
    {
        var epoch = await journal.ClaimAsync(runId, cancellation).ConfigureAwait(false);
        var past = await journal.LoadAsync(runId, cancellation).ConfigureAwait(false);
        var log = await journal.LoadLogAsync(runId, cancellation).ConfigureAwait(false);
        var last = log.Count == 0 ? 0 : log[^1].Seq;
        if (before is null)
        {
            return new RunContext(runId, epoch, journal, feed.Open(runId, log, RowsOf(past)), time, past, [], last);
        }

        var (unwritten, newest) = before.Unwritten();
        return new RunContext(runId, epoch, journal, feed.Find(runId)!, time, past, [.. unwritten.Where(l => l.Seq > last)], Math.Max(last, newest));
    }

    /// <summary>The run as those who follow it see it end.</summary>
    private async Task<RunSummary?> EndedAsync(RunSummary known, string? unwritten)
    {
        try
        {
            known = (await store.FindAsync(known.Id, CancellationToken.None).ConfigureAwait(false))?.Summary ?? known;
        }
        catch (Exception error) when (DatabaseOutage.Is(error))
        {
            // What is on disk stays unknown until the database is back.
            unwritten ??= DatabaseOutage.Describe(error);
        }

        return unwritten is null ? known : known with { State = RunState.Failed, Error = unwritten };
    }

    private async Task WorkAndLogAsync(RunContext run, RunEntity entity, CancellationToken cancelled, CancellationToken shutdown)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled, shutdown);
        using var flushing = new CancellationTokenSource();
        var flusher = FlushLogAsync(run, flushing.Token);
        try
        {
            await WorkAsync(run, entity, cancelled, shutdown, stop.Token).ConfigureAwait(false);
        }
        finally
        {
            await flushing.CancelAsync().ConfigureAwait(false);
            await flusher.ConfigureAwait(false);
        }
    }

    /// <summary>The ladder rows in a journal: outcomes of steps named <c>row/...</c>.</summary>
    internal static IReadOnlyList<CandidateReport> RowsOf(IReadOnlyList<JournalEntry> journal) =>
    [
        .. journal.Where(e => e.Kind == "outcome" && e.Step.StartsWith("row/", StringComparison.Ordinal))
            .Select(e => e.Payload.To<RunContext.Outcome>().Value.To<CandidateReport>()),
    ];

    private async Task WorkAsync(RunContext run, RunEntity entity, CancellationToken cancelled, CancellationToken shutdown, CancellationToken stop)
    {
        try
        {
            await run.TransitAsync(RunState.Running, "running").ConfigureAwait(false);
            if (run.Epoch > 1)
            {
                run.Log($"Resumed from the journal (owner {run.Epoch}).");
            }

            var kind = kinds.FirstOrDefault(k => k.Kind == entity.Kind)
                ?? throw new RunFailedException($"This release of Landfall knows no runs of kind '{entity.Kind}'.", Protocol.Errors.ErrorCodes.Internal);
            using var input = JsonDocument.Parse(entity.InputJson);
            var result = await kind.ExecuteAsync(run, input.RootElement.Clone(), stop).ConfigureAwait(false);
            await run.FlushLogAsync().ConfigureAwait(false);
            await run.TransitAsync(RunState.Completed, "done", result: result).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            logger.RunInterrupted(run.RunId);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            run.Log("Cancelled.", "warning");
            await run.FlushLogAsync().ConfigureAwait(false);
            await run.TransitAsync(RunState.Cancelled, "cancelled").ConfigureAwait(false);
        }
        catch (Exception error) when (error is not FencedException && !DatabaseOutage.Is(error))
        {
            var message = Report(error, run.RunId);
            if (!DiskSpace.IsExhausted(error))
            {
                // On a full disk the line could not be kept; the run's own error says the same.
                run.Log(message, "error");
            }

            await run.FlushLogAsync().ConfigureAwait(false);
            await run.TransitAsync(RunState.Failed, "failed", message).ConfigureAwait(false);
        }
    }

    /// <summary>Logs a failure, with its trace only where it is a fault of ours, and puts it into words.</summary>
    private string Report(Exception error, string runId)
    {
        var message = DescribeFailure(error);
        if (error is RunFailedException or DataFormatException || DiskSpace.IsExhausted(error) || DatabaseOutage.Is(error))
        {
            logger.RunRefused(runId, message);
        }
        else
        {
            logger.RunFailed(error, runId);
        }

        return message;
    }

    private static string DescribeFailure(Exception error) => error switch
    {
        RunFailedException or DataFormatException => error.Message,
        DiskFullException => error.Message + " Then resume the run; nothing was lost.",
        _ when DiskSpace.IsExhausted(error) => DiskSpace.Message + " Then resume the run; nothing was lost.",
        _ when DatabaseOutage.Is(error) => DatabaseOutage.Describe(error) + " Resume the run when it is back; nothing was lost.",
        _ => $"{error.GetType().Name}: {error.Message}",
    };

    private static async Task FlushLogAsync(RunContext run, CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(LogInterval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await run.FlushLogAsync().ConfigureAwait(false);
            }
            catch (Exception error) when (error is FencedException or DbException)
            {
                // The run finds out by itself at its next entry; the lines are kept until then.
            }

            if (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
