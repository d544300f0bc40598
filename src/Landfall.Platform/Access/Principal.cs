using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Landfall.Platform.Access;

/// <summary>An authenticated caller of a request.</summary>
/// <param name="Caller">The name, team and role that the request is worked on with.</param>
/// <param name="IsOwner">Whether the caller manages the whole installation.</param>
/// <param name="GatewayOnly">Whether the caller may call the gateway alone.</param>
/// <param name="UserId">The user of a session.</param>
/// <param name="SessionToken">The token of a session: the console's own calls carry it on.</param>
/// <param name="Teams">The teams that the caller can choose.</param>
public sealed record Principal(
    Caller Caller, bool IsOwner, bool GatewayOnly = false, string? UserId = null, string? SessionToken = null, IReadOnlyList<string>? Teams = null)
{
    /// <summary>The names of what <see cref="ToClaims"/> carries: a Blazor circuit has no request, but keeps its user.</summary>
    public const string SessionClaim = "landfall:session";
    public const string TeamClaim = "landfall:team";
    public const string OriginClaim = "landfall:origin";

    /// <summary>The caller of a request that nobody need sign in for: sees no team's rows.</summary>
    public static Caller Nobody { get; } = new("", "nobody", Role.Viewer);

    /// <summary>The user as the framework knows it; stays in the server.</summary>
    public ClaimsPrincipal ToClaims(string origin) => new(new ClaimsIdentity(
        SessionToken is null ? [] : [new Claim(SessionClaim, SessionToken), new Claim(TeamClaim, Caller.Team), new Claim(OriginClaim, origin), new Claim(ClaimTypes.Name, Caller.Name)],
        SessionToken is null ? null : "session"));

    /// <summary>The principal of the present request.</summary>
    internal static Principal Of(HttpContext context) =>
        context.Features.Get<Principal>() ?? throw new InvalidOperationException("The request has not been through UseAccess.");
}
