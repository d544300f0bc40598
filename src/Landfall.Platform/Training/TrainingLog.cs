using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Training;

internal static partial class TrainingLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Started the worker that trains (process {Process}).")]
    public static partial void WorkerStarted(this ILogger logger, int process);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker says: {Line}")]
    public static partial void WorkerSays(this ILogger logger, string line);
}
