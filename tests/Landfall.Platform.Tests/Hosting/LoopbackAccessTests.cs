using System.Net;
using Landfall.Platform.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Hosting;

public sealed class LoopbackAccessTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost:5117", null)]
    [InlineData("127.0.0.9", "127.0.0.1:5117", null)]
    [InlineData("::1", "[::1]:5117", null)]
    [InlineData("::ffff:127.0.0.1", "LOCALHOST", null)]
    [InlineData("127.0.0.1", "localhost:5117", "http://localhost:5117")]
    [InlineData("127.0.0.1", "localhost", "http://localhost")]
    public void WhyRefused_LocalCaller_IsLetIn(string address, string host, string? origin) => Assert.Null(Refuse(address, host, origin));

    [Theory]
    [InlineData("10.0.0.2", "localhost", null)]
    [InlineData("2001:db8::1", "localhost", null)]
    [InlineData("::ffff:10.0.0.2", "localhost", null)]
    [InlineData("127.0.0.1", "evil.example", null)]
    [InlineData("127.0.0.1", "localhost.evil.example", null)]
    [InlineData("127.0.0.1", "127.0.0.1.nip.io", null)]
    [InlineData("127.0.0.1", "", null)]
    [InlineData("127.0.0.1", "localhost:5117", "http://evil.example")]
    [InlineData("127.0.0.1", "localhost:5117", "http://localhost:8080")]
    [InlineData("127.0.0.1", "localhost:5117", "null")]
    public void WhyRefused_Stranger_IsKeptOut(string address, string host, string? origin) => Assert.NotEmpty(Refuse(address, host, origin)!);

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    public void WhyRefused_ForwardedRequest_IsKeptOut(string header) => Assert.NotEmpty(Refuse("127.0.0.1", "localhost", origin: null, header)!);

    private static string? Refuse(string address, string host, string? origin, string? header = null)
    {
        var context = Context(address, host, origin);
        if (header is not null)
        {
            context.Request.Headers[header] = "1.2.3.4";
        }

        return LoopbackAccess.WhyRefused(context);
    }

    private static DefaultHttpContext Context(string address, string host, string? origin)
    {
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider() };
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.Request.Host = new HostString(host);
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        return context;
    }
}
