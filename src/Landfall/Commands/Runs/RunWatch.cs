using Landfall.Protocol.Runs;

namespace Landfall.Commands.Runs;

/// <summary>Follows a run for a command, and explains what Ctrl-C does to it.</summary>
internal sealed class RunWatch(CommandContext context, IServerSession session)
{
    /// <summary>Shows the run to its end.</summary>
    /// <param name="id">The run.</param>
    /// <param name="allLogLines">All log lines, or only warnings and errors.</param>
    /// <param name="cancellation">Ends the watch, not the run.</param>
    public async Task<RunSummary> ToEndAsync(string id, bool allLogLines, CancellationToken cancellation)
    {
        var events = new RunFollower(session.Client, context.Clock).FollowAsync(id, cancellation);
        var all = allLogLines || context.Verbose;
        IRunView view = context.IsLive ? new LiveRunView(context, all) : new PlainRunView(context, all);
        try
        {
            return await view.ShowAsync(events, cancellation);
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            throw new CommandException(ExitCodes.Interrupted, AfterInterrupt(id), e);
        }
    }

    /// <summary>What the user should know after Ctrl-C.</summary>
    public string AfterInterrupt(string id) => session.IsInProcess
        ? $"Stopped. The run {id} is kept as far as it got: the same command goes on from there, and so does `landfall runs resume {id}`."
        : $"No longer following. The run {id} goes on at {session.Url}: `landfall runs follow {id}` shows it, `landfall runs cancel {id}` stops it.";
}
