using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Endpoints;

internal static partial class EndpointsLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Endpoint {Endpoint}: {Problem} Trying again in {Seconds:0.0} s.")]
    public static partial void Retries(this ILogger logger, string endpoint, string problem, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    public static partial void BadSetting(this ILogger logger, string problem);
}
