using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Landfall.Platform.Gateway;

/// <summary>Error answers of <c>/v1</c>, in OpenAI's form.</summary>
public static class GatewayErrors
{
    /// <summary>Whether a request is one for the gateway.</summary>
    public static bool Covers(HttpContext context) => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);

    /// <summary>The body of an error answer.</summary>
    public static GatewayError BodyOf(GatewayProblemException problem) => BodyOf(problem.Status, problem.Message, problem.Param, problem.Code);

    /// <summary>An error answer.</summary>
    /// <param name="status">The HTTP status; from 500 on the fault is the server's.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="param">The request's member that is wrong, when it is one.</param>
    /// <param name="code">A stable word, when there is one.</param>
    public static JsonHttpResult<GatewayError> Create(int status, string message, string? param = null, string? code = null) =>
        TypedResults.Json(BodyOf(status, message, param, code), JsonSerializerOptions.Web, statusCode: status);

    private static GatewayError BodyOf(int status, string message, string? param, string? code)
    {
        var type = status switch
        {
            >= StatusCodes.Status500InternalServerError => "server_error",
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            _ => "invalid_request_error",
        };
        return new GatewayError(new GatewayErrorBody(message, type, param, code));
    }
}
