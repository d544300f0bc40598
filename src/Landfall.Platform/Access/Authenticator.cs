using System.Net;
using Landfall.Platform.Hosting;
using Microsoft.AspNetCore.Http;

namespace Landfall.Platform.Access;

/// <summary>Who makes a request, or why that is nobody.</summary>
/// <param name="Principal">The caller; null when there is none.</param>
/// <param name="Origin">The caller's network address, for the audit log.</param>
/// <param name="Reason">Why there is none, and what to do.</param>
/// <param name="HasUsers">Whether somebody could sign in.</param>
/// <param name="IsForbidden">Whether the caller is known but asks for a team that is not theirs.</param>
public sealed record Authentication(Principal? Principal, string Origin, string? Reason = null, bool HasUsers = true, bool IsForbidden = false);

/// <summary>
/// Finds out who makes a request: a bearer token (an API key, the data folder's owner, the console for a signed-in user), the
/// session cookie, or, as long as there are no users, a caller on this machine.
/// </summary>
public sealed class Authenticator(UserStore users, TeamStore teams, KeyStore keys, SessionStore sessions, ServerSecrets secrets)
{
    /// <summary>The cookie with a session's token.</summary>
    public const string SessionCookie = "landfall-session";

    /// <summary>The cookie with the team that a signed-in user has chosen.</summary>
    public const string TeamCookie = "landfall-team";

    /// <summary>The header that chooses among the caller's teams.</summary>
    public const string TeamHeader = "Landfall-Team";

    /// <summary>Sent by the console in this process: its secret, and the address of the browser that it asks for.</summary>
    public const string ConsoleHeader = "Landfall-Console";

    public async Task<Authentication> AuthenticateAsync(HttpContext context)
    {
        var origin = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (BearerOf(context.Request) is { } token)
        {
            if (token.StartsWith(AccessTokens.Local, StringComparison.Ordinal))
            {
                return await LocalOwnerAsync(context, token, origin).ConfigureAwait(false);
            }

            if (token.StartsWith(AccessTokens.Session, StringComparison.Ordinal))
            {
                return await ConsoleAsync(context, token, origin).ConfigureAwait(false);
            }

            if (token.StartsWith(AccessTokens.Key, StringComparison.Ordinal))
            {
                return await KeyAsync(context, token, origin).ConfigureAwait(false);
            }
        }
        else if (context.Request.Cookies[SessionCookie] is { } cookie && await sessions.FindAsync(cookie, context.RequestAborted).ConfigureAwait(false) is { } signedIn)
        {
            return RequestOrigin.WhyCrossSite(context.Request) is { } crossSite
                ? new Authentication(null, origin, crossSite)
                : Choose(context, signedIn, cookie, origin, context.Request.Cookies[TeamCookie]);
        }

        return await WithoutCredentialsAsync(context, origin).ConfigureAwait(false);
    }

    private static string? BearerOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    private async Task<Authentication> WithoutCredentialsAsync(HttpContext context, string origin)
    {
        if (await users.AnyAsync(context.RequestAborted).ConfigureAwait(false))
        {
            return new Authentication(null, origin, "Sign in, or send an API key as a bearer token. An admin of your team makes keys (`landfall keys create`).");
        }

        // With no user there is nothing to sign in with, and no need to: see ADR 0010.
        return LoopbackAccess.WhyRefused(context) is { } reason
            ? new Authentication(null, origin, reason, HasUsers: false)
            : await LocalAsync(context, origin).ConfigureAwait(false);
    }

    private async Task<Authentication> LocalOwnerAsync(HttpContext context, string token, string origin) =>
        AccessTokens.Same(token, secrets.Local) && LoopbackAccess.IsDirectFromHere(context)
            ? await LocalAsync(context, origin).ConfigureAwait(false)
            : new Authentication(null, origin, "The data folder's secret is not this server's, or does not come from this machine.");

    private async Task<Authentication> LocalAsync(HttpContext context, string origin)
    {
        var team = context.Request.Headers[TeamHeader].FirstOrDefault() is { Length: > 0 } wanted ? wanted : Caller.Local.Team;
        return await teams.ExistsAsync(team, context.RequestAborted).ConfigureAwait(false)
            ? new Authentication(new Principal(Caller.Local with { Team = team }, IsOwner: true), origin)
            : NotYourTeam(team, origin);
    }

    private async Task<Authentication> KeyAsync(HttpContext context, string token, string origin)
    {
        if (await keys.AuthenticateAsync(token, context.RequestAborted).ConfigureAwait(false) is not { } key)
        {
            return new Authentication(null, origin, "The API key is unknown, has expired, or was revoked.");
        }

        return context.Request.Headers[TeamHeader].FirstOrDefault() is { Length: > 0 } wanted && wanted != key.Team
            ? NotYourTeam(wanted, origin)
            : new Authentication(new Principal(new Caller(key.Team, $"key:{key.Name}", key.Role), IsOwner: false, key.GatewayOnly, Teams: [key.Team]), origin);
    }

    private async Task<Authentication> ConsoleAsync(HttpContext context, string token, string origin)
    {
        var said = context.Request.Headers[ConsoleHeader].ToString().Split(' ', 2);
        if (!AccessTokens.Same(said[0], secrets.Console))
        {
            return new Authentication(null, origin, "A session's token is for the console; other clients use an API key.");
        }

        var browser = said.Length == 2 && IPAddress.TryParse(said[1], out _) ? said[1] : origin;
        return await sessions.FindAsync(token, context.RequestAborted).ConfigureAwait(false) is { } signedIn
            ? Choose(context, signedIn, token, browser, remembered: null)
            : new Authentication(null, browser, "Your session has ended: sign in again.");
    }

    /// <summary>The team of the header has to be the user's; a remembered one that is not theirs any more is passed over.</summary>
    private static Authentication Choose(HttpContext context, SignedIn signedIn, string token, string origin, string? remembered)
    {
        var (user, roles) = (signedIn.User, signedIn.Roles);
        var own = roles.Keys.Order(StringComparer.Ordinal).ToList();
        var header = context.Request.Headers[TeamHeader].FirstOrDefault();
        var wanted = header is { Length: > 0 } ? header : remembered;
        if (wanted is { Length: > 0 } && (roles.ContainsKey(wanted) || (user.IsOwner && TeamStore.IsName(wanted))))
        {
            var role = user.IsOwner ? Role.Admin : roles[wanted];
            return new Authentication(new Principal(new Caller(wanted, user.Name, role), user.IsOwner, UserId: user.Id, SessionToken: token, Teams: own), origin);
        }

        if (header is { Length: > 0 } || own.Count == 0)
        {
            return NotYourTeam(header ?? Caller.Local.Team, origin);
        }

        var team = own.Contains(Caller.Local.Team) ? Caller.Local.Team : own[0];
        return new Authentication(
            new Principal(new Caller(team, user.Name, user.IsOwner ? Role.Admin : roles[team]), user.IsOwner, UserId: user.Id, SessionToken: token, Teams: own), origin);
    }

    // The same whether the team exists or not.
    private static Authentication NotYourTeam(string team, string origin) =>
        new(null, origin, $"You are in no team '{team}'. GET /api/teams lists yours.", IsForbidden: true);
}
