using Landfall.Platform.Gateway;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Landfall.Platform.Hosting;

/// <summary>
/// Routing refuses an unknown path, method or content type with a bare status. Programs that call <c>/api</c> or
/// <c>/v1</c> get an error that they can read.
/// </summary>
public static class ErrorBodies
{
    public static IApplicationBuilder UseErrorBodies(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context).ConfigureAwait(false);
        var response = context.Response;
        var isApi = context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        if (response.HasStarted || response.StatusCode < 400 || response.ContentType is not null || HttpMethods.IsHead(context.Request.Method)
            || !(isApi || GatewayErrors.Covers(context)))
        {
            return;
        }

        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            // The console's assets answer GET under every path, so to routing no path is unknown.
            response.StatusCode = StatusCodes.Status404NotFound;
            response.Headers.Allow = default;
        }

        var (code, message) = Describe(context);
        IResult answer = isApi ? ApiProblems.Create(response.StatusCode, code, message) : GatewayErrors.Create(response.StatusCode, message, code: code);
        await answer.ExecuteAsync(context).ConfigureAwait(false);
    });

    private static (string Code, string Message) Describe(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => (ErrorCodes.NotFound, $"There is no {context.Request.Method} {context.Request.Path}. /openapi/v1.json lists what there is."),
        StatusCodes.Status415UnsupportedMediaType => (ErrorCodes.BadRequest, $"{context.Request.Path} does not take the content type '{context.Request.ContentType}'; send application/json."),
        var status => (ErrorCodes.BadRequest, $"{context.Request.Method} {context.Request.Path} was refused with status {status}."),
    };
}
