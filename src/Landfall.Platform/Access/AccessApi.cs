using Landfall.Protocol.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Landfall.Platform.Access;

/// <summary>The endpoints of <c>/api/users</c>, <c>/api/teams</c>, <c>/api/keys</c>, <c>/api/audit</c> and <c>/api/session</c>.</summary>
public static class AccessApi
{
    public static IEndpointRouteBuilder MapAccess(this IEndpointRouteBuilder routes)
    {
        MapUsers(routes);
        var teams = routes.MapGroup("/api/teams").WithTags("Access");
        teams.MapGet("", ListTeamsAsync).WithName("ListTeams").WithSummary("The teams that the caller can choose.").Requires(Role.Viewer);
        teams.MapPost("", CreateTeamAsync).WithName("CreateTeam").WithSummary("Makes a team; for owners of the installation.").Requires(Role.Admin).OwnersOnly();
        var keys = routes.MapGroup("/api/keys").WithTags("Access");
        keys.MapGet("", ListKeysAsync).WithName("ListKeys").WithSummary("The team's API keys, newest first, without their secrets.").Requires(Role.Admin);
        keys.MapPost("", CreateKeyAsync).WithName("CreateKey").WithSummary("Makes an API key; the answer alone has its secret.").Requires(Role.Admin);
        keys.MapDelete("{id}", RevokeKeyAsync).WithName("RevokeKey").WithSummary("Ends an API key.").Requires(Role.Admin);
        routes.MapGet("/api/audit", ListAuditAsync).WithTags("Access").WithName("ListAudit").WithSummary("The team's audit log, newest first.").Requires(Role.Admin);
        var session = routes.MapGroup("/api/session").WithTags("Access");
        session.MapGet("", GetSessionAsync).WithName("GetSession").WithSummary("Who is calling, and in which team.").Requires(Role.Viewer);
        session.MapPost("password", ChangePasswordAsync).WithName("ChangePassword").WithSummary("Changes the caller's own password.").Requires(Role.Viewer);
        return routes;
    }

    private static void MapUsers(IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/users").WithTags("Access");
        users.MapGet("", ListUsersAsync).WithName("ListUsers").WithSummary("The members of the team, by name.").Requires(Role.Admin);
        users.MapPost("", AddUserAsync).WithName("AddUser").WithSummary("Adds a user to the team, and makes them if they do not exist.").Requires(Role.Admin);
        users.MapPut("{name}/role", ChangeRoleAsync).WithName("ChangeRole").WithSummary("Gives a member of the team another role.").Requires(Role.Admin);
        users.MapPut("{name}/password", SetPasswordAsync).WithName("SetPassword").WithSummary("Sets a member's password; their sessions end.").Requires(Role.Admin);
        users.MapDelete("{name}", RemoveUserAsync).WithName("RemoveUser").WithSummary("Takes a user out of the team; one who is in no team is gone.").Requires(Role.Admin);
    }

    private static async Task<Ok<IReadOnlyList<UserSummary>>> ListUsersAsync(UserStore users, CancellationToken cancellation)
    {
        var members = await users.ListAsync(Caller.Current.Team, cancellation).ConfigureAwait(false);
        return TypedResults.Ok<IReadOnlyList<UserSummary>>(members.ConvertAll(m => ToSummary(m.User, m.Role)));
    }

    private static async Task<Ok<UserSummary>> AddUserAsync(AddUserRequest request, HttpContext context, UserAdministration administration, CancellationToken cancellation)
    {
        var (user, role) = await administration.AddAsync(
            Principal.Of(context), request.Name, request.Password, FromProtocol(request.Role), request.IsOwner, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(ToSummary(user, role));
    }

    private static async Task<Ok<UserSummary>> ChangeRoleAsync(
        string name, ChangeRoleRequest request, HttpContext context, UserAdministration administration, CancellationToken cancellation)
    {
        var role = FromProtocol(request.Role);
        return TypedResults.Ok(ToSummary(await administration.SetRoleAsync(Principal.Of(context), name, role, cancellation).ConfigureAwait(false), role));
    }

    private static async Task<NoContent> SetPasswordAsync(
        string name, SetPasswordRequest request, HttpContext context, UserAdministration administration, CancellationToken cancellation)
    {
        await administration.SetPasswordAsync(Principal.Of(context), name, request.Password, cancellation).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveUserAsync(string name, HttpContext context, UserAdministration administration, CancellationToken cancellation)
    {
        await administration.RemoveAsync(Principal.Of(context), name, cancellation).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<TeamSummary>>> ListTeamsAsync(HttpContext context, TeamStore teams, UserStore users, CancellationToken cancellation)
    {
        var caller = Principal.Of(context);
        var all = await teams.ListAsync(cancellation).ConfigureAwait(false);
        var roles = caller.UserId is { } user ? await users.RolesAsync(user, cancellation).ConfigureAwait(false) : new Dictionary<string, Role>(StringComparer.Ordinal);
        var names = caller.IsOwner ? all.Select(t => t.Name).Prepend(Caller.Local.Team) : caller.Teams ?? [];
        return TypedResults.Ok<IReadOnlyList<TeamSummary>>([.. names.Order(StringComparer.Ordinal).Select(name => new TeamSummary(
            name, ToProtocol(caller.IsOwner ? Role.Admin : roles.GetValueOrDefault(name, caller.Caller.Role)), all.Find(t => t.Name == name)?.CreatedAt))]);
    }

    private static async Task<Ok<TeamSummary>> CreateTeamAsync(CreateTeamRequest request, TeamStore teams, CancellationToken cancellation)
    {
        var team = await teams.AddAsync(request.Name, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new TeamSummary(team.Name, TeamRole.Admin, team.CreatedAt));
    }

    private static async Task<Ok<IReadOnlyList<KeySummary>>> ListKeysAsync(KeyStore keys, CancellationToken cancellation) =>
        TypedResults.Ok<IReadOnlyList<KeySummary>>((await keys.ListAsync(cancellation).ConfigureAwait(false)).ConvertAll(ToSummary));

    private static async Task<Ok<CreatedKey>> CreateKeyAsync(CreateKeyRequest request, KeyStore keys, CancellationToken cancellation)
    {
        var (key, secret) = await keys.CreateAsync(request.Name, FromProtocol(request.Role), request.GatewayOnly, request.ExpiresInDays, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new CreatedKey(ToSummary(key), secret));
    }

    private static async Task<Ok<KeySummary>> RevokeKeyAsync(string id, KeyStore keys, CancellationToken cancellation) =>
        await keys.RevokeAsync(id, cancellation).ConfigureAwait(false) is { } key
            ? TypedResults.Ok(ToSummary(key))
            : throw AccessException.Missing($"There is no key '{id}'. `landfall keys list` shows them all.");

    private static async Task<Ok<AuditPage>> ListAuditAsync(
        AuditLog audit, CancellationToken cancellation, string? actor = null, string? action = null, string? outcome = null, long? before = null, int limit = 100)
    {
        if (limit is < 1 or > 500 || outcome is not (null or "done" or "refused" or "failed"))
        {
            throw AccessException.Bad("limit is 1 to 500; outcome is done, refused or failed.");
        }

        var entries = await audit.ListAsync(new AuditQuery(actor, action, outcome, before, limit), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new AuditPage(
            entries.ConvertAll(e => new AuditEntry(e.Id, e.At, e.Team, e.Actor, e.Action, e.Subject, e.Origin, AuditLog.OutcomeOf(e.Status), e.Status)),
            entries.Count == limit ? entries[^1].Id : null));
    }

    private static async Task<Ok<SessionInfo>> GetSessionAsync(HttpContext context, UserStore users, TeamStore teams, CancellationToken cancellation)
    {
        var caller = Principal.Of(context);
        var names = caller.IsOwner ? (await teams.ListAsync(cancellation).ConfigureAwait(false)).Select(t => t.Name).Prepend(Caller.Local.Team) : caller.Teams ?? [];
        return TypedResults.Ok(new SessionInfo(
            caller.Caller.Name, caller.Caller.Team, ToProtocol(caller.Caller.Role), caller.IsOwner, caller.SessionToken is not null,
            !await users.AnyAsync(cancellation).ConfigureAwait(false), [.. names.Order(StringComparer.Ordinal)]));
    }

    private static async Task<NoContent> ChangePasswordAsync(
        ChangePasswordRequest request, HttpContext context, UserStore users, SignIn signIn, SignInThrottle throttle, CancellationToken cancellation)
    {
        var caller = Principal.Of(context);
        if (caller.UserId is not { } id || await users.FindAsync(caller.Caller.Name, cancellation).ConfigureAwait(false) is not { } user || user.Id != id)
        {
            throw AccessException.Conflict("Only a signed-in user has a password to change.");
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (throttle.Wait(user.Name, address) > TimeSpan.Zero || !await signIn.VerifyAsync(user, user.Name, request.Current, address, cancellation).ConfigureAwait(false))
        {
            throw AccessException.Forbidden("The password so far is not right, or there were too many attempts.");
        }

        await users.SetPasswordAsync(id, request.Password, caller.SessionToken, cancellation).ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static UserSummary ToSummary(UserEntity user, Role role) => new(user.Name, ToProtocol(role), user.IsOwner, user.CreatedAt, user.LastSignInAt);

    private static KeySummary ToSummary(ApiKeyEntity key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Prefix = key.Prefix,
        Role = ToProtocol(key.Role),
        GatewayOnly = key.GatewayOnly,
        CreatedBy = key.CreatedBy,
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
        RevokedAt = key.RevokedAt,
        LastUsedAt = key.LastUsedAt,
    };

    private static TeamRole ToProtocol(Role role) => Enum.Parse<TeamRole>(role.ToString());

    private static Role FromProtocol(TeamRole role) => Enum.Parse<Role>(role.ToString());
}
