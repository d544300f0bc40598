using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Access;

/// <summary>A session's user with the roles that they have now.</summary>
public sealed record SignedIn(UserEntity User, IReadOnlyDictionary<string, Role> Roles, DateTimeOffset ExpiresAt);

/// <summary>The console's sessions.</summary>
public sealed class SessionStore(IDbContextFactory<LandfallDatabase> databases, AccessCache cache, TimeProvider time)
{
    /// <summary>How long a session lasts.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromDays(14);

    /// <summary>Begins a session, and returns its token, which is not kept.</summary>
    public async Task<string> BeginAsync(UserEntity user, CancellationToken cancellation)
    {
        var (token, now) = (AccessTokens.Create(AccessTokens.Session), time.GetUtcNow());
        await databases.UseAsync(
            async database =>
            {
                database.Set<SessionEntity>().RemoveRange(await database.Set<SessionEntity>().Where(s => s.ExpiresAt <= now).ToListAsync(cancellation).ConfigureAwait(false));
                database.Set<SessionEntity>().Add(new SessionEntity { Sha256 = AccessTokens.Hash(token), UserId = user.Id, CreatedAt = now, ExpiresAt = now + Life });
                return await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return token;
    }

    /// <summary>Who a token's session is of; null when it has ended.</summary>
    public async Task<SignedIn?> FindAsync(string token, CancellationToken cancellation)
    {
        var hash = AccessTokens.Hash(token);
        var found = await cache.GetAsync($"session {hash}", () => databases.UseAsync(database => LoadAsync(database, hash, cancellation), cancellation)).ConfigureAwait(false);
        return found is not null && found.ExpiresAt > time.GetUtcNow() ? found : null;
    }

    public async Task EndAsync(string token, CancellationToken cancellation)
    {
        var hash = AccessTokens.Hash(token);
        await databases.UseAsync(
            async database =>
            {
                database.Set<SessionEntity>().RemoveRange(await database.Set<SessionEntity>().Where(s => s.Sha256 == hash).ToListAsync(cancellation).ConfigureAwait(false));
                return await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        cache.Clear();
    }

    private static async Task<SignedIn?> LoadAsync(LandfallDatabase database, string hash, CancellationToken cancellation)
    {
        if (await database.Set<SessionEntity>().AsNoTracking().SingleOrDefaultAsync(s => s.Sha256 == hash, cancellation).ConfigureAwait(false) is not { } session
            || await database.Set<UserEntity>().AsNoTracking().SingleOrDefaultAsync(u => u.Id == session.UserId, cancellation).ConfigureAwait(false) is not { } user)
        {
            return null;
        }

        var roles = await database.Set<MembershipEntity>().AsNoTracking().Where(m => m.UserId == user.Id)
            .ToDictionaryAsync(m => m.Team, m => m.Role, StringComparer.Ordinal, cancellation).ConfigureAwait(false);
        return new SignedIn(user, roles, session.ExpiresAt);
    }
}
