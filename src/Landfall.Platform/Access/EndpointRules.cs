using Landfall.Platform.Gateway;
using Landfall.Platform.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Access;

/// <summary>What an endpoint's rule says to a caller. An endpoint without a rule answers nobody.</summary>
internal static class EndpointRules
{
    /// <summary>Why the caller may not call the endpoint, or null.</summary>
    public static string? WhyForbidden(Endpoint? endpoint, Principal principal)
    {
        // Routing's own answers (no such path, method or content type) are no route endpoints, and do nothing.
        if (endpoint is not RouteEndpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return null;
        }

        var caller = principal.Caller;
        return endpoint.Metadata.GetMetadata<RequiredRole>() switch
        {
            null => $"The endpoint {endpoint.DisplayName} has no rule, so nobody may call it. That is a defect of this server.",
            _ when principal.GatewayOnly && endpoint.Metadata.GetMetadata<GatewayKeysAllowed>() is null => "This key is for /v1 alone.",
            { Role: var role } when caller.Role < role => $"This needs the role '{NameOf(role)}' in the team '{caller.Team}'; {caller.Name} has '{NameOf(caller.Role)}'. An admin of the team can change that.",
            _ when !principal.IsOwner && endpoint.Metadata.GetMetadata<OwnerRequired>() is not null => "This concerns the whole installation: only its owners may do it.",
            _ => null,
        };
    }

    /// <summary>A refusal in the form of the path: OpenAI's for <c>/v1</c>, problem+json for the rest.</summary>
    public static IResult Refuse(HttpContext context, int status, string code, string reason) => GatewayErrors.Covers(context)
        ? GatewayErrors.Create(status, reason, code: status == StatusCodes.Status401Unauthorized ? "invalid_api_key" : "insufficient_permissions")
        : ApiProblems.Create(status, code, reason);

    public static string NameOf(Role role) => role.ToString().ToLowerInvariant();
}
