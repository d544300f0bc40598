using System.Runtime.CompilerServices;
using Landfall.Protocol;
using Landfall.Protocol.Runs;

namespace Landfall.Commands.Runs;

/// <summary>A run's events to its end, each once, also over a connection that breaks.</summary>
internal sealed class RunFollower(LandfallClient client, TimeProvider clock)
{
    private const int MaxFailures = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <exception cref="CommandException">The server is gone.</exception>
    public async IAsyncEnumerable<RunEvent> FollowAsync(string id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new SeenEvents();
        for (var failures = 0; failures < MaxFailures; failures++)
        {
            var events = client.FollowRunAsync(id, cancellation).GetAsyncEnumerator(cancellation);
            await using (events)
            {
                while (await NextAsync(events) is { } next)
                {
                    if (!seen.Add(next))
                    {
                        continue;
                    }

                    failures = 0;
                    yield return next;
                    if (next.Run is { } run && HasEnded(run.State))
                    {
                        yield break;
                    }
                }
            }

            // The server restarts, or something in between cut the stream: it tells all again, and what was seen is passed over.
            await Task.Delay(Pause, clock, cancellation);
        }

        throw new CommandException(ExitCodes.ServerTrouble, $"The server at {client.BaseAddress} no longer answers. The run {id} is kept: the same command again goes on where it was.");
    }

    public static bool HasEnded(RunState state) => state is RunState.Completed or RunState.Failed or RunState.Cancelled or RunState.Interrupted;

    /// <summary>The exit code of a command whose run has ended so.</summary>
    public static int ExitCodeOf(RunState state) => state switch
    {
        RunState.Failed or RunState.Interrupted => ExitCodes.RunFailed,
        RunState.Cancelled => ExitCodes.RunCancelled,
        _ => ExitCodes.Ok,
    };

    /// <summary>The end of a run that brought no result, in words.</summary>
    public static string DescribeEnd(RunSummary run) => run.State switch
    {
        RunState.Failed => $"error: run {run.Id} failed: {run.Error ?? "no reason was given."} `landfall runs resume {run.Id}` tries the failed step again.",
        RunState.Interrupted => $"Run {run.Id} is interrupted: the process that worked on it is gone. `landfall runs resume {run.Id}` goes on where it was.",
        _ => $"Run {run.Id} was cancelled. `landfall runs resume {run.Id}` goes on where it was.",
    };

    private static async Task<RunEvent?> NextAsync(IAsyncEnumerator<RunEvent> events)
    {
        try
        {
            return await events.MoveNextAsync() ? events.Current : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private sealed class SeenEvents
    {
        private readonly HashSet<(string Name, string Hash, Protocol.Reports.CandidateStatus Status)> _rows = [];
        private (RunState State, int Epoch)? _state;
        private RunProgress? _progress;
        private long _log;

        public bool Add(RunEvent next)
        {
            if (next.Log is { } line)
            {
                var isNew = line.Seq > _log;
                _log = Math.Max(_log, line.Seq);
                return isNew;
            }

            if (next.Row is { } row)
            {
                return _rows.Add((row.Name, row.Hash, row.Status));
            }

            if (next.Run is { } run)
            {
                var isNew = _state != (run.State, run.Epoch);
                _state = (run.State, run.Epoch);
                return isNew || HasEnded(run.State);
            }

            var moved = next.Progress != _progress;
            _progress = next.Progress;
            return moved;
        }
    }
}
