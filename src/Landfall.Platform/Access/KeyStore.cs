using System.Collections.Concurrent;
using System.Data.Common;
using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Access;

/// <summary>The API keys of the present team, and the one way to find a key by its secret.</summary>
public sealed partial class KeyStore(IDbContextFactory<LandfallDatabase> databases, AccessCache cache, TimeProvider time, ILogger<KeyStore> logger)
{
    private const int ShownCharacters = 10;
    private const int DaysByDefault = 90;
    private const int MostDays = 3650;
    private static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    public Task<List<ApiKeyEntity>> ListAsync(CancellationToken cancellation) =>
        databases.UseAsync(database => database.Set<ApiKeyEntity>().AsNoTracking().OrderByDescending(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(cancellation), cancellation);

    /// <summary>Makes a key. The secret is not kept.</summary>
    /// <exception cref="AccessException">Something about the request is wrong.</exception>
    public async Task<(ApiKeyEntity Key, string Secret)> CreateAsync(string name, Role role, bool gatewayOnly, int? days, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100 || name.Any(char.IsControl))
        {
            throw AccessException.Bad("A key needs a name of 1 to 100 characters that says what it is for.");
        }

        if (days is < 1 or > MostDays)
        {
            throw AccessException.Bad($"A key cannot end in {days} days: use 1 to {MostDays}, or leave it out for {DaysByDefault}.");
        }

        var (secret, now) = (AccessTokens.Create(AccessTokens.Key), time.GetUtcNow());
        var key = new ApiKeyEntity
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            Name = name.Trim(),
            Prefix = secret[..ShownCharacters],
            Sha256 = AccessTokens.Hash(secret),
            Role = role,
            GatewayOnly = gatewayOnly,
            CreatedBy = Caller.Current.Name,
            CreatedAt = now,
            ExpiresAt = now.AddDays(days ?? DaysByDefault),
        };
        await databases.UseAsync(
            database =>
            {
                database.Set<ApiKeyEntity>().Add(key);
                return database.SaveChangesAsync(cancellation);
            },
            cancellation).ConfigureAwait(false);
        cache.Clear();
        return (key, secret);
    }

    /// <summary>Ends a key of the present team; null when there is none. Revoking it again changes nothing.</summary>
    public async Task<ApiKeyEntity?> RevokeAsync(string id, CancellationToken cancellation)
    {
        var revoked = await databases.UseAsync(
            async database =>
            {
                var key = await database.Set<ApiKeyEntity>().SingleOrDefaultAsync(k => k.Id == id, cancellation).ConfigureAwait(false);
                if (key is { RevokedAt: null })
                {
                    key.RevokedAt = time.GetUtcNow();
                    await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                }

                return key;
            },
            cancellation).ConfigureAwait(false);
        cache.Clear();
        return revoked;
    }

    /// <summary>The key of a secret, of whatever team, while it is good; null otherwise.</summary>
    public async Task<ApiKeyEntity?> AuthenticateAsync(string secret, CancellationToken cancellation)
    {
        var hash = AccessTokens.Hash(secret);
        var key = await cache.GetAsync($"key {hash}", () => databases.UseAsync(
            database => database.Set<ApiKeyEntity>().IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(k => k.Sha256 == hash, cancellation), cancellation)).ConfigureAwait(false);
        if (key is null || key.RevokedAt is not null || key.ExpiresAt <= time.GetUtcNow())
        {
            return null;
        }

        await NoteUseAsync(key.Id, cancellation).ConfigureAwait(false);
        return key;
    }

    private async Task NoteUseAsync(string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_used.TryGetValue(id, out var last) && now - last < UseInterval)
        {
            return;
        }

        _used[id] = now;
        try
        {
            await databases.UseAsync(
                async database =>
                {
                    var key = await database.Set<ApiKeyEntity>().IgnoreQueryFilters().SingleAsync(k => k.Id == id, cancellation).ConfigureAwait(false);
                    key.LastUsedAt = now;
                    return await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            // A full disk must not keep anybody from reading.
            LogUseNotNoted(error, id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "That the key {Id} was used could not be noted.")]
    private partial void LogUseNotNoted(Exception error, string id);
}
