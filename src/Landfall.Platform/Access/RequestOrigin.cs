using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Landfall.Platform.Access;

/// <summary>
/// Where a browser says a request comes from. A browser sends the session cookie along with requests that pages of others
/// make, so with the cookie alone a change has to say that it comes from a page of this server.
/// </summary>
internal static class RequestOrigin
{
    /// <summary>Why a request with the session cookie is not one of this server's pages, or null.</summary>
    public static string? WhyCrossSite(HttpRequest request)
    {
        if (IsForeign(request.Headers.Origin, request.Host))
        {
            return $"A page of {request.Headers.Origin} may not call this server.";
        }

        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        return isSafe || request.Headers.Origin.Count > 0 || request.Headers["Sec-Fetch-Site"] == "same-origin"
            ? null
            : "With the session cookie a change must come from a page of this server (the Origin header says so); other clients use an API key.";
    }

    /// <summary>Whether the request names another origin than the server it was sent to.</summary>
    public static bool IsForeign(StringValues origin, HostString host) =>
        origin.Count > 0 && !string.IsNullOrEmpty(origin[0])
        && (!Uri.TryCreate(origin[0], UriKind.Absolute, out var uri) || !string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase));
}
