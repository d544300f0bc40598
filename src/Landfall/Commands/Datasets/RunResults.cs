using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Landfall.Commands.Runs;
using Landfall.Protocol.Runs;

namespace Landfall.Commands.Datasets;

/// <summary>Follows a run to its end and takes its result.</summary>
internal static class RunResults
{
    /// <returns>The result, or the exit code of a run that has none.</returns>
    public static async Task<(T? Result, int ExitCode)> OfAsync<T>(CommandContext context, IServerSession session, RunSummary accepted, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var run = await new RunWatch(context, session).ToEndAsync(accepted.Id, allLogLines: false, cancellation);
        if (run.State != RunState.Completed)
        {
            context.Complain(RunFollower.DescribeEnd(run));
            return (null, RunFollower.ExitCodeOf(run.State));
        }

        var detail = await session.Client.GetRunAsync(run.Id, cancellation);
        return (detail.Result?.Deserialize(type)
            ?? throw new CommandException(ExitCodes.Unexpected, $"Run {run.Id} is completed but has no result. Its journal: `landfall runs show {run.Id}`."), ExitCodes.Ok);
    }
}
