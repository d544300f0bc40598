using Microsoft.AspNetCore.Http;

namespace Landfall.Platform.Gateway;

/// <summary>A request to <c>/v1</c> that is answered with an error in OpenAI's form.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="param">The request's member that is wrong, when it is one.</param>
/// <param name="code">A stable word, when there is one.</param>
/// <param name="inner">What it came from.</param>
public sealed class GatewayProblemException(int status, string message, string? param = null, string? code = null, Exception? inner = null) : Exception(message, inner)
{
    public int Status { get; } = status;

    public string? Param { get; } = param;

    public string? Code { get; } = code;

    /// <summary>When to come back, where that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A member of the request that cannot be.</summary>
    public static GatewayProblemException Invalid(string message, string? param) => new(StatusCodes.Status400BadRequest, message, param);
}
