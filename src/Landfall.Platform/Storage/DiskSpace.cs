using Microsoft.Data.Sqlite;

namespace Landfall.Platform.Storage;

/// <summary>Tells a full disk from other failures.</summary>
public static class DiskSpace
{
    public const string Message = "No space is left on the disk of the data folder. Free some space.";

    private const int SqliteFull = 13;
    private const int SqliteSharedMemorySize = 4874;
    private const int UnixNoSpace = 28;
    private const int UnixQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the error, or what caused it, is a disk without space.</summary>
    public static bool IsExhausted(Exception? error) => error switch
    {
        null => false,
        SqliteException { SqliteErrorCode: SqliteFull } or SqliteException { SqliteExtendedErrorCode: SqliteSharedMemorySize } => true,
        IOException { HResult: UnixNoSpace or UnixQuotaExceeded or WindowsDiskFull } => true,
        _ => IsExhausted(error.InnerException),
    };
}
