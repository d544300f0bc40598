using System.Net;
using Landfall.Platform.Access;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Landfall.Platform.Hosting;

/// <summary>
/// While no key exists, a caller on this machine is the local admin and everybody else is refused. A browser on this
/// machine may carry a stranger's page, so a request must also name a loopback host (DNS rebinding) and, when it says
/// where it comes from, come from this server (cross-site requests).
/// </summary>
public static class LoopbackAccess
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    public static IApplicationBuilder UseLoopbackAccess(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (WhyRefused(context) is not { } reason)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        await EndpointRules.Refuse(context, StatusCodes.Status401Unauthorized, ErrorCodes.Unauthorized, reason).ExecuteAsync(context).ConfigureAwait(false);
    });

    /// <summary>Why a request is refused, or null when the local admin made it.</summary>
    internal static string? WhyRefused(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            return "Only callers on the server's own machine are let in while no key exists.";
        }

        // Behind a proxy on this machine every caller looks local.
        if (Array.Exists(ProxyHeaders, request.Headers.ContainsKey))
        {
            return "A forwarded request is not a local one, and no key exists yet that could let it in.";
        }

        if (!IsLoopbackName(request.Host.Host))
        {
            return $"The request names the host '{request.Host}'; local callers use localhost or 127.0.0.1.";
        }

        return IsForeign(request.Headers.Origin, request.Host)
            ? $"A page of {request.Headers.Origin} may not call this server."
            : null;
    }

    private static bool IsForeign(StringValues origin, HostString host) =>
        origin.Count > 0 && !string.IsNullOrEmpty(origin[0])
        && (!Uri.TryCreate(origin[0], UriKind.Absolute, out var uri) || !string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase));

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
