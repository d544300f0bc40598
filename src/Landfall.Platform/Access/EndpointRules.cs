using Landfall.Platform.Gateway;
using Landfall.Platform.Hosting;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Access;

/// <summary>Refuses what the chosen endpoint's rule does not allow; an endpoint without a rule answers nobody.</summary>
public static class EndpointRules
{
    public static IApplicationBuilder UseEndpointRules(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (WhyForbidden(context.GetEndpoint(), Caller.Current) is { } reason)
        {
            await Refuse(context, StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, reason).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }

        await next(context).ConfigureAwait(false);
    });

    /// <summary>Why the caller may not call the endpoint, or null.</summary>
    internal static string? WhyForbidden(Endpoint? endpoint, Caller caller)
    {
        // Routing's own answers (no such path, method or content type) are no route endpoints, and do nothing.
        if (endpoint is not RouteEndpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return null;
        }

        return endpoint.Metadata.GetMetadata<RequiredRole>() switch
        {
            null => $"The endpoint {endpoint.DisplayName} has no rule, so nobody may call it. That is a defect of this server.",
            { Role: var role } when caller.Role < role => $"This needs the role '{NameOf(role)}' in the team '{caller.Team}'; {caller.Name} has '{NameOf(caller.Role)}'. An admin of the team can change that.",
            _ => null,
        };
    }

    /// <summary>A refusal in the form of the path: OpenAI's for <c>/v1</c>, problem+json for the rest.</summary>
    internal static IResult Refuse(HttpContext context, int status, string code, string reason) => GatewayErrors.Covers(context)
        ? GatewayErrors.Create(status, reason, code: status == StatusCodes.Status401Unauthorized ? "invalid_api_key" : "insufficient_permissions")
        : ApiProblems.Create(status, code, reason);

    internal static string NameOf(Role role) => role.ToString().ToLowerInvariant();
}
