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
    RunJournal journal, RunStore store, RunFeed feed, IEnumerable<IRunKind> kinds, TimeProvider time, ILogger<RunExecutor> logger)
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
        var epoch = await journal.ClaimAsync(runId, shutdown).ConfigureAwait(false);
        var past = await journal.LoadAsync(runId, shutdown).ConfigureAwait(false);
        var log = await journal.LoadLogAsync(runId, shutdown).ConfigureAwait(false);
        var live = feed.Open(runId, log, RowsOf(past));
        var run = new RunContext(runId, epoch, journal, live, time, past, log.Count == 0 ? 0 : log[^1].Seq);
        opened();
        string? unwritten = null;
        try
        {
            await WorkAndLogAsync(run, entity, cancelled, shutdown).ConfigureAwait(false);
        }
        catch (FencedException fenced)
        {
            logger.RunFenced(runId, fenced.Message);
        }
        catch (Exception error)
        {
            // Not even the failure can be written down: the run stays unfinished on disk, and those who follow it are told why.
            unwritten = Report(error, runId);
        }
        finally
        {
            var ended = (await store.FindAsync(runId, CancellationToken.None).ConfigureAwait(false))?.Summary;
            feed.Close(runId, unwritten is null ? ended : ended! with { State = RunState.Failed, Error = unwritten });
        }
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
        catch (Exception error) when (error is not FencedException)
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
        if (error is RunFailedException or DataFormatException || DiskSpace.IsExhausted(error))
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
        _ when DiskSpace.IsExhausted(error) => DiskSpace.Message + " Then resume the run; nothing was lost.",
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
