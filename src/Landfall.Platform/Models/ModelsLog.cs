using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Models;

internal static partial class ModelsLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Loading the model {Model}: it takes up to {Size}.")]
    public static partial void Loads(this ILogger logger, string model, string size);

    [LoggerMessage(Level = LogLevel.Information, Message = "The model {Model} makes room for another one.")]
    public static partial void Unloads(this ILogger logger, string model);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The model {Model} was let go with an error.")]
    public static partial void NotUnloaded(this ILogger logger, Exception error, string model);
}
