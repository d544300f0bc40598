using Landfall.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Access;

/// <summary>What became of an attempt to sign in.</summary>
/// <param name="Token">The session's token, when the password was right.</param>
/// <param name="User">The user, when it was.</param>
/// <param name="Wait">How long to wait before the next attempt, when there were too many.</param>
public sealed record SignInResult(string? Token, UserEntity? User, TimeSpan Wait);

/// <summary>Signs users in with their password, and makes the first one with the one-time code.</summary>
public sealed class SignIn(IDbContextFactory<LandfallDatabase> databases, UserStore users, SessionStore sessions, SignInThrottle throttle, TimeProvider time) : IDisposable
{
    private const int MostWaiting = 50;
    private static readonly TimeSpan CodeLife = TimeSpan.FromHours(24);

    // A hash takes a core for a good part of a second: guessing must not take the machine.
    private readonly SemaphoreSlim _hashing = new(2);
    private int _waiting;
    private readonly SemaphoreSlim _first = new(1);

    /// <summary>Checks a password. An unknown name takes as long as a wrong password.</summary>
    public async Task<SignInResult> WithPasswordAsync(string name, string password, string address, CancellationToken cancellation)
    {
        if (throttle.Wait(name, address) is var wait && wait > TimeSpan.Zero)
        {
            return new SignInResult(Token: null, User: null, wait);
        }

        var user = UserStore.IsName(name) ? await users.FindAsync(name, cancellation).ConfigureAwait(false) : null;
        if (!await VerifyAsync(user, name, password, address, cancellation).ConfigureAwait(false))
        {
            return new SignInResult(Token: null, User: null, TimeSpan.Zero);
        }

        throttle.Succeed(name, address);
        return new SignInResult(await sessions.BeginAsync(user!, cancellation).ConfigureAwait(false), user, TimeSpan.Zero);
    }

    /// <summary>Whether the password is the user's; notes it when it is, and counts the attempt when it is not.</summary>
    public async Task<bool> VerifyAsync(UserEntity? user, string name, string password, string address, CancellationToken cancellation)
    {
        if (password.Length > PasswordHash.Longest || !await EnterAsync(cancellation).ConfigureAwait(false))
        {
            throttle.Fail(name, address);
            return false;
        }

        string? newHash;
        try
        {
            // Looked at again here: of many attempts at once, all but two were let in before any of them had failed.
            if (throttle.Wait(name, address) > TimeSpan.Zero)
            {
                return false;
            }

            if (!PasswordHash.Verify(user?.PasswordHash ?? PasswordHash.OfNobody, password, out var isOutdated) || user is null)
            {
                throttle.Fail(name, address);
                return false;
            }

            newHash = isOutdated ? PasswordHash.Create(password) : null;
        }
        finally
        {
            _hashing.Release();
        }

        await users.NoteSignInAsync(user.Id, newHash, cancellation).ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits for a turn at hashing; false when too many wait already.</summary>
    private async Task<bool> EnterAsync(CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                return false;
            }

            await _hashing.WaitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>A code that can make the first user, once and within a day; null when there are users. An earlier code is void.</summary>
    public async Task<string?> OfferFirstAdminAsync(CancellationToken cancellation)
    {
        if (await users.AnyAsync(cancellation).ConfigureAwait(false))
        {
            return null;
        }

        var code = AccessTokens.Create();
        await databases.UseAsync(
            async database =>
            {
                await RemoveCodesAsync(database, cancellation).ConfigureAwait(false);
                await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                database.Set<FirstAdminCodeEntity>().Add(new FirstAdminCodeEntity { Id = 1, Sha256 = AccessTokens.Hash(code), ExpiresAt = time.GetUtcNow() + CodeLife });
                return await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        return code;
    }

    /// <summary>Makes the first user with the code, and signs them in. The code is used up.</summary>
    /// <exception cref="AccessException">The code is not good (any more), or the name or password cannot be taken; then the code stays.</exception>
    public async Task<(UserEntity User, string Token)> MakeFirstAdminAsync(string code, string name, string password, string address, CancellationToken cancellation)
    {
        if (throttle.Wait("", address) > TimeSpan.Zero)
        {
            throw AccessException.Forbidden("There were too many attempts from your address. Try again later.");
        }

        await _first.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!await IsGoodAsync(code, cancellation).ConfigureAwait(false) || await users.AnyAsync(cancellation).ConfigureAwait(false))
            {
                throttle.Fail("", address);
                throw AccessException.Forbidden("This link has been used, has expired, or was replaced by that of a later start.");
            }

            var user = await users.AddAsync(name, password, isOwner: true, Caller.Local.Team, Role.Admin, cancellation).ConfigureAwait(false);
            await databases.UseAsync(
                async database =>
                {
                    await RemoveCodesAsync(database, cancellation).ConfigureAwait(false);
                    return await database.SaveChangesAsync(cancellation).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            return (user, await sessions.BeginAsync(user, cancellation).ConfigureAwait(false));
        }
        finally
        {
            _first.Release();
        }
    }

    public void Dispose()
    {
        _hashing.Dispose();
        _first.Dispose();
    }

    private async Task<bool> IsGoodAsync(string code, CancellationToken cancellation)
    {
        var (hash, now) = (AccessTokens.Hash(code), time.GetUtcNow());
        return await databases.UseAsync(
            database => database.Set<FirstAdminCodeEntity>().AnyAsync(c => c.Sha256 == hash && c.ExpiresAt > now, cancellation), cancellation).ConfigureAwait(false);
    }

    private static async Task RemoveCodesAsync(LandfallDatabase database, CancellationToken cancellation) =>
        database.Set<FirstAdminCodeEntity>().RemoveRange(await database.Set<FirstAdminCodeEntity>().ToListAsync(cancellation).ConfigureAwait(false));
}
