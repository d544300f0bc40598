using System.Net;
using Landfall.Platform.Access;
using Microsoft.AspNetCore.Http;

namespace Landfall.Platform.Hosting;

/// <summary>
/// While there are no users, a caller on this machine is the local admin, and everybody else without a key is refused. A browser on this
/// machine may carry a stranger's page, so a request must also name a loopback host (DNS rebinding) and, when it says
/// where it comes from, come from this server (cross-site requests).
/// </summary>
public static class LoopbackAccess
{
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Why a request is refused, or null when the local admin made it.</summary>
    internal static string? WhyRefused(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            return "Without an API key only callers on the server's own machine are let in while there are no users.";
        }

        // Behind a proxy on this machine every caller looks local.
        if (Array.Exists(ProxyHeaders, request.Headers.ContainsKey))
        {
            return "A forwarded request is not a local one, and it has no API key that could let it in.";
        }

        if (!IsLoopbackName(request.Host.Host))
        {
            return $"The request names the host '{request.Host}'; local callers use localhost or 127.0.0.1.";
        }

        return RequestOrigin.IsForeign(request.Headers.Origin, request.Host)
            ? $"A page of {request.Headers.Origin} may not call this server."
            : null;
    }

    /// <summary>Whether the connection comes from this machine, and nothing says that it was passed on.</summary>
    internal static bool IsDirectFromHere(HttpContext context) =>
        (context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)) && !Array.Exists(ProxyHeaders, context.Request.Headers.ContainsKey);

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
