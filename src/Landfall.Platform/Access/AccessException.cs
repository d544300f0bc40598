using Landfall.Platform.Storage;
using Landfall.Protocol.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Access;

/// <summary>A request about users, teams or keys that cannot be done; the message says why and what to do.</summary>
public sealed class AccessException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;

    public static AccessException Bad(string message) => new(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, message);

    public static AccessException Missing(string message) => new(StatusCodes.Status404NotFound, ErrorCodes.NotFound, message);

    public static AccessException Conflict(string message) => new(StatusCodes.Status409Conflict, ErrorCodes.Conflict, message);

    public static AccessException Forbidden(string message) => new(StatusCodes.Status403Forbidden, ErrorCodes.Forbidden, message);
}

internal static class DatabaseUse
{
    /// <summary>Works with a context of its own.</summary>
    public static async Task<T> UseAsync<T>(this IDbContextFactory<LandfallDatabase> databases, Func<LandfallDatabase, Task<T>> use, CancellationToken cancellation)
    {
        var database = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (database.ConfigureAwait(false))
        {
            return await use(database).ConfigureAwait(false);
        }
    }
}
