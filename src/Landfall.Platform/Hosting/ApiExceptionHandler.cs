using System.Globalization;
using Landfall.Inference;
using Landfall.Platform.Access;
using Landfall.Platform.Datasets;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Gateway;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Hosting;

/// <summary>Turns exceptions into error answers: what the caller can mend is said, the rest is logged.</summary>
public sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is GatewayProblemException problem)
        {
            await AnswerAsync(httpContext, problem).ConfigureAwait(false);
            return true;
        }

        var (status, code, detail) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, ErrorCodes.BadRequest, bad.InnerException?.Message ?? bad.Message),
            AccessException refused => (refused.Status, refused.Code, refused.Message),
            DataFormatException => (StatusCodes.Status422UnprocessableEntity, ErrorCodes.DataInvalid, exception.Message),
            RunFailedException failed => (StatusCodes.Status422UnprocessableEntity, failed.Code, failed.Message),
            EndpointException => (StatusCodes.Status502BadGateway, ErrorCodes.EndpointFailed, exception.Message),
            BlobHashMismatchException => (StatusCodes.Status422UnprocessableEntity, ErrorCodes.DataInvalid, exception.Message),
            FileNotFoundException => (StatusCodes.Status404NotFound, ErrorCodes.NotFound, "There is no such blob. Upload it first."),
            FencedException => (StatusCodes.Status503ServiceUnavailable, ErrorCodes.Conflict, exception.Message),
            DiskFullException => (StatusCodes.Status507InsufficientStorage, ErrorCodes.DiskFull, exception.Message),
            ModelFormatException => (StatusCodes.Status422UnprocessableEntity, ErrorCodes.ModelInvalid, exception.Message),
            _ when DiskSpace.IsExhausted(exception) => (StatusCodes.Status507InsufficientStorage, ErrorCodes.DiskFull, DiskSpace.Message),
            _ when DatabaseOutage.Is(exception) => (StatusCodes.Status503ServiceUnavailable, ErrorCodes.DatabaseUnavailable, DatabaseOutage.Describe(exception) + " Try again when it is back."),
            _ => (StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "Something went wrong in the server; its log has the details."),
        };
        if (code == ErrorCodes.DatabaseUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        if (status == StatusCodes.Status500InternalServerError)
        {
            LogUnexpected(exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        IResult answer = GatewayErrors.Covers(httpContext) ? GatewayErrors.Create(status, detail, code: code) : ApiProblems.Create(status, code, detail);
        await answer.ExecuteAsync(httpContext).ConfigureAwait(false);
        return true;
    }

    private async Task AnswerAsync(HttpContext context, GatewayProblemException problem)
    {
        if (problem.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogUnexpected(problem, context.Request.Method, context.Request.Path);
        }

        await GatewayErrors.Create(problem.Status, problem.Message, problem.Param, problem.Code).ExecuteAsync(context).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogUnexpected(Exception error, string method, string path);
}
