namespace Landfall.Platform.Access;

/// <summary>
/// Who may change which user. An admin manages the members of the present team; what reaches beyond it (other teams of the
/// user, owners, the installation) is for owners.
/// </summary>
public sealed class UserAdministration(UserStore users)
{
    /// <summary>Adds a user to the present team, and makes them if they do not exist.</summary>
    public async Task<(UserEntity User, Role Role)> AddAsync(Principal caller, string name, string? password, Role role, bool isOwner, CancellationToken cancellation)
    {
        var isFirst = !await users.AnyAsync(cancellation).ConfigureAwait(false);
        if ((isOwner || isFirst) && !caller.IsOwner)
        {
            throw AccessException.Forbidden("Only an owner of the installation can make another.");
        }

        if (await users.FindAsync(name, cancellation).ConfigureAwait(false) is not { } existing)
        {
            // Somebody has to be able to look after the installation once the first user ends the time without any.
            var (owner, first) = (isOwner || isFirst, isFirst ? Role.Admin : role);
            return (await users.AddAsync(name, password, owner, caller.Caller.Team, first, cancellation).ConfigureAwait(false), first);
        }

        if (!caller.IsOwner)
        {
            throw AccessException.Conflict($"The name '{name}' is taken. Choose another; an owner of the installation can add users of other teams to yours.");
        }

        if (password is not null)
        {
            throw AccessException.Conflict($"The user '{name}' exists and has a password. Leave it out to add them to this team.");
        }

        await users.SetRoleAsync(existing.Id, caller.Caller.Team, role, cancellation).ConfigureAwait(false);
        return (existing, role);
    }

    /// <summary>Gives a member of the present team another role.</summary>
    public async Task<UserEntity> SetRoleAsync(Principal caller, string name, Role role, CancellationToken cancellation)
    {
        var (user, _) = await MemberAsync(caller, name, cancellation).ConfigureAwait(false);
        if (user.IsOwner && !caller.IsOwner)
        {
            throw AccessException.Forbidden($"'{user.Name}' is an owner of the installation; only an owner can change that.");
        }

        await users.SetRoleAsync(user.Id, caller.Caller.Team, role, cancellation).ConfigureAwait(false);
        return user;
    }

    /// <summary>Takes a member out of the present team.</summary>
    public async Task RemoveAsync(Principal caller, string name, CancellationToken cancellation)
    {
        var (user, roles) = await MemberAsync(caller, name, cancellation).ConfigureAwait(false);
        if (user.IsOwner && !caller.IsOwner)
        {
            throw AccessException.Forbidden($"'{user.Name}' is an owner of the installation; only an owner can remove them.");
        }

        // Without any user, whoever works on the server's machine is admin again: that must not happen by one wrong command.
        if (user.IsOwner && roles.Count == 1 && await users.CountOwnersAsync(cancellation).ConfigureAwait(false) == 1)
        {
            throw AccessException.Conflict($"'{user.Name}' is the last owner of the installation. Make another one first.");
        }

        await users.RemoveAsync(user.Id, caller.Caller.Team, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sets a member's password: only who manages all teams of the user may, as the password opens them all.</summary>
    public async Task SetPasswordAsync(Principal caller, string name, string? password, CancellationToken cancellation)
    {
        var (user, roles) = await MemberAsync(caller, name, cancellation).ConfigureAwait(false);
        if (!caller.IsOwner && (user.IsOwner || roles.Count > 1))
        {
            throw AccessException.Forbidden($"'{user.Name}' can do more than your team allows; an owner of the installation, or they themselves, can set their password.");
        }

        await users.SetPasswordAsync(user.Id, password, exceptSession: null, cancellation).ConfigureAwait(false);
    }

    private async Task<(UserEntity User, Dictionary<string, Role> Roles)> MemberAsync(Principal caller, string name, CancellationToken cancellation)
    {
        var team = caller.Caller.Team;
        if (await users.FindAsync(name, cancellation).ConfigureAwait(false) is { } user
            && await users.RolesAsync(user.Id, cancellation).ConfigureAwait(false) is var roles && roles.ContainsKey(team))
        {
            return (user, roles);
        }

        throw AccessException.Missing($"There is no user '{name}' in the team '{team}'. `landfall users list` shows them all.");
    }
}
