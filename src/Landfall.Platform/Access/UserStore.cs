using System.Text.RegularExpressions;
using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Access;

/// <summary>The users, and who is in which team. Callers check who may change whom: <see cref="UserAdministration"/>.</summary>
public sealed partial class UserStore(IDbContextFactory<LandfallDatabase> databases, AccessCache cache, TimeProvider time)
{
    private static readonly object Yes = new();

    public static bool IsName(string? name) => name is not null && Name().IsMatch(name)
        && !name.Equals(Caller.Local.Name, StringComparison.OrdinalIgnoreCase) && !name.Equals(Principal.Nobody.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether there is any user: as long as there is none, whoever works on this machine is the local admin.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellation) => await cache.GetAsync(
        "any user",
        () => databases.UseAsync(async database => await database.Set<UserEntity>().AnyAsync(cancellation).ConfigureAwait(false) ? Yes : null, cancellation)).ConfigureAwait(false) is not null;

    public Task<UserEntity?> FindAsync(string name, CancellationToken cancellation) =>
        databases.UseAsync(database => FindAsync(database, name, cancellation), cancellation);

    /// <summary>The members of a team, by name.</summary>
    public Task<List<(UserEntity User, Role Role)>> ListAsync(string team, CancellationToken cancellation) => databases.UseAsync(
        async database =>
        {
            var members = await database.Set<MembershipEntity>().AsNoTracking().Where(m => m.Team == team)
                .Join(database.Set<UserEntity>().AsNoTracking(), m => m.UserId, u => u.Id, (m, u) => new { User = u, m.Role })
                .OrderBy(m => m.User.Key).ToListAsync(cancellation).ConfigureAwait(false);
            return members.ConvertAll(m => (m.User, m.Role));
        },
        cancellation);

    /// <summary>The teams of a user, with the role in each.</summary>
    public Task<Dictionary<string, Role>> RolesAsync(string userId, CancellationToken cancellation) => databases.UseAsync(
        database => database.Set<MembershipEntity>().AsNoTracking().Where(m => m.UserId == userId).ToDictionaryAsync(m => m.Team, m => m.Role, StringComparer.Ordinal, cancellation),
        cancellation);

    public Task<int> CountOwnersAsync(CancellationToken cancellation) =>
        databases.UseAsync(database => database.Set<UserEntity>().CountAsync(u => u.IsOwner, cancellation), cancellation);

    /// <summary>Makes a user who is in one team.</summary>
    /// <exception cref="AccessException">The name or the password cannot be taken.</exception>
    public async Task<UserEntity> AddAsync(string name, string? password, bool isOwner, string team, Role role, CancellationToken cancellation)
    {
        if (!IsName(name))
        {
            throw AccessException.Bad($"'{name}' is no name for a user: use 1 to 64 letters, digits, and . _ @ -, and neither 'local' nor 'nobody'.");
        }

        if (PasswordHash.WhyRefused(password) is { } reason)
        {
            throw AccessException.Bad(reason);
        }

        var now = time.GetUtcNow();
        var user = new UserEntity
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            Name = name,
            Key = KeyOf(name),
            PasswordHash = PasswordHash.Create(password!),
            IsOwner = isOwner,
            CreatedAt = now,
        };
        await ChangeAsync(
            async database =>
            {
                if (await FindAsync(database, name, cancellation).ConfigureAwait(false) is not null)
                {
                    throw AccessException.Conflict($"The name '{name}' is taken.");
                }

                database.Set<UserEntity>().Add(user);
                database.Set<MembershipEntity>().Add(new MembershipEntity { UserId = user.Id, Team = team, Role = role });
            },
            cancellation).ConfigureAwait(false);
        return user;
    }

    /// <summary>Sets the role of a user in a team, and makes them a member if they are none.</summary>
    public Task SetRoleAsync(string userId, string team, Role role, CancellationToken cancellation) => ChangeAsync(
        async database =>
        {
            if (await database.Set<MembershipEntity>().SingleOrDefaultAsync(m => m.UserId == userId && m.Team == team, cancellation).ConfigureAwait(false) is { } member)
            {
                member.Role = role;
            }
            else
            {
                database.Set<MembershipEntity>().Add(new MembershipEntity { UserId = userId, Team = team, Role = role });
            }
        },
        cancellation);

    /// <summary>Takes a user out of a team, and ends the keys that they made in it; one who is in no team any more is gone, with their sessions.</summary>
    public Task RemoveAsync(string userId, string team, CancellationToken cancellation) => ChangeAsync(
        async database =>
        {
            var memberships = await database.Set<MembershipEntity>().Where(m => m.UserId == userId).ToListAsync(cancellation).ConfigureAwait(false);
            database.Set<MembershipEntity>().RemoveRange(memberships.Where(m => m.Team == team));
            await RevokeKeysAsync(database, userId, team, cancellation).ConfigureAwait(false);
            if (memberships.TrueForAll(m => m.Team == team))
            {
                database.Set<UserEntity>().RemoveRange(await database.Set<UserEntity>().Where(u => u.Id == userId).ToListAsync(cancellation).ConfigureAwait(false));
                await EndSessionsAsync(database, userId, except: null, cancellation).ConfigureAwait(false);
            }
        },
        cancellation);

    private async Task RevokeKeysAsync(LandfallDatabase database, string userId, string team, CancellationToken cancellation)
    {
        var name = await database.Set<UserEntity>().Where(u => u.Id == userId).Select(u => u.Name).SingleOrDefaultAsync(cancellation).ConfigureAwait(false);
        foreach (var key in await database.Set<ApiKeyEntity>().IgnoreQueryFilters()
            .Where(k => k.Team == team && k.CreatedBy == name && k.RevokedAt == null).ToListAsync(cancellation).ConfigureAwait(false))
        {
            key.RevokedAt = time.GetUtcNow();
        }
    }

    /// <summary>Sets a password; the user's sessions end, but for one.</summary>
    /// <exception cref="AccessException">The password cannot be taken.</exception>
    public async Task SetPasswordAsync(string userId, string? password, string? exceptSession, CancellationToken cancellation)
    {
        if (PasswordHash.WhyRefused(password) is { } reason)
        {
            throw AccessException.Bad(reason);
        }

        var hash = PasswordHash.Create(password!);
        await ChangeAsync(
            async database =>
            {
                (await database.Set<UserEntity>().SingleAsync(u => u.Id == userId, cancellation).ConfigureAwait(false)).PasswordHash = hash;
                await EndSessionsAsync(database, userId, exceptSession, cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Notes that a user has signed in, and keeps a hash of today's strength.</summary>
    public Task NoteSignInAsync(string userId, string? newHash, CancellationToken cancellation) => ChangeAsync(
        async database =>
        {
            var user = await database.Set<UserEntity>().SingleAsync(u => u.Id == userId, cancellation).ConfigureAwait(false);
            user.LastSignInAt = time.GetUtcNow();
            user.PasswordHash = newHash ?? user.PasswordHash;
        },
        cancellation);

    private static Task<UserEntity?> FindAsync(LandfallDatabase database, string name, CancellationToken cancellation)
    {
        var key = KeyOf(name);
        return database.Set<UserEntity>().AsNoTracking().SingleOrDefaultAsync(u => u.Key == key, cancellation);
    }

    private static async Task EndSessionsAsync(LandfallDatabase database, string userId, string? except, CancellationToken cancellation)
    {
        var kept = except is null ? null : AccessTokens.Hash(except);
        database.Set<SessionEntity>().RemoveRange(
            await database.Set<SessionEntity>().Where(s => s.UserId == userId && s.Sha256 != kept).ToListAsync(cancellation).ConfigureAwait(false));
    }

    private static string KeyOf(string name) => name.Normalize().ToUpperInvariant();

    private async Task ChangeAsync(Func<LandfallDatabase, Task> change, CancellationToken cancellation)
    {
        await databases.UseAsync(
            async database =>
            {
                // What is looked up before a change (is the name free?) has to hold until it is made.
                var transaction = await database.BeginExclusiveAsync("users", cancellation).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    await change(database).ConfigureAwait(false);
                    var changes = await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                    await transaction.CommitAsync(cancellation).ConfigureAwait(false);
                    return changes;
                }
            },
            cancellation).ConfigureAwait(false);
        cache.Clear();
    }

    [GeneratedRegex(@"^[\p{L}\p{N}._@-]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
