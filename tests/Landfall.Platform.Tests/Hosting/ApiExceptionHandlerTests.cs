using System.Text.Json;
using Landfall.Platform.Hosting;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Landfall.Platform.Tests.Hosting;

public sealed class ApiExceptionHandlerTests
{
    public static TheoryData<Exception, int, string> Exceptions => new()
    {
        { new BadHttpRequestException("no"), 400, ErrorCodes.BadRequest },
        { new BadHttpRequestException("large", 413), 413, ErrorCodes.BadRequest },
        { new RunFailedException("no", ErrorCodes.DataInvalid), 422, ErrorCodes.DataInvalid },
        { new BlobHashMismatchException("a", "b"), 422, ErrorCodes.DataInvalid },
        { new FileNotFoundException(), 404, ErrorCodes.NotFound },
        { new FencedException("The data folder"), 503, ErrorCodes.Conflict },
        { new InvalidOperationException("outer", new IOException("full", 28)), 507, ErrorCodes.DiskFull },
        { new InvalidOperationException("secret"), 500, ErrorCodes.Internal },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public async Task TryHandle_Exception_HasItsStatusAndCode(Exception exception, int status, string code)
    {
        using var api = await HandleAsync(exception, "/api/apps");
        Assert.Equal((status, code), (api.RootElement.GetProperty("status").GetInt32(), api.RootElement.GetProperty("code").GetString()));
        Assert.DoesNotContain("secret", api.RootElement.GetRawText(), StringComparison.Ordinal);
        using var gateway = await HandleAsync(exception, "/v1/chat/completions");
        var error = gateway.RootElement.GetProperty("error");
        Assert.Equal(status >= 500 ? "server_error" : "invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
    }

    private static async Task<JsonDocument> HandleAsync(Exception exception, string path)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider() };
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        Assert.True(await new ApiExceptionHandler(NullLogger<ApiExceptionHandler>.Instance).TryHandleAsync(context, exception, CancellationToken.None));
        return JsonDocument.Parse(((MemoryStream)context.Response.Body).ToArray());
    }
}
