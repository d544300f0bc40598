using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Runs;

internal static partial class RunsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Run {RunId} failed.")]
    public static partial void RunFailed(this ILogger logger, Exception error, string runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} failed: {Reason}")]
    public static partial void RunRefused(this ILogger logger, string runId, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} is interrupted by the end of the server; it is resumed later.")]
    public static partial void RunInterrupted(this ILogger logger, string runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} stopped here: {Reason}")]
    public static partial void RunFenced(this ILogger logger, string runId, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Resuming {Count} interrupted runs.")]
    public static partial void ResumingRuns(this ILogger logger, int count);
}
