using Npgsql;

namespace Landfall.Platform.Storage;

/// <summary>Tells a database that cannot be reached, now or for a while, from other failures.</summary>
public static class DatabaseOutage
{
    /// <summary>Whether the error, or what caused it, is a database server that is away, ending, starting or overloaded.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null => false,
        PostgresException server => server.IsTransient || server.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException { IsTransient: true } => true,
        _ => Is(error.InnerException),
    };

    /// <summary>What is wrong, for people; no password is in it.</summary>
    public static string Describe(Exception error)
    {
        var cause = error;
        while (cause is not NpgsqlException && cause.InnerException is not null)
        {
            cause = cause.InnerException;
        }

        return $"The database cannot be reached ({cause.Message.TrimEnd('.')}).";
    }
}

/// <summary>Thrown when another server holds the database.</summary>
public sealed class DatabaseInUseException(string database)
    : Exception($"Another server holds the {database}. End it, give another database with --database, or replace it with 'landfall serve --take-over'.");

/// <summary>How long work waits for a database that has gone away, before it gives up.</summary>
public sealed class DatabasePatience(DatabaseConnections database, TimeProvider time, TimeSpan limit)
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public TimeSpan Limit => limit;

    /// <summary>Tries until the database answers, with growing pauses.</summary>
    /// <exception cref="Npgsql.NpgsqlException">It was away for too long; the last failure.</exception>
    public async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var pause = ShortestPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                return await attempt(cancellation).ConfigureAwait(false);
            }
            catch (Exception error) when (DatabaseOutage.Is(error) && time.GetElapsedTime(started) < limit)
            {
                database.Forget();
            }

            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
        }
    }
}
