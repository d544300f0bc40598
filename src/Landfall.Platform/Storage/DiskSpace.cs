using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Landfall.Platform.Storage;

/// <summary>What is to be written has no room on the disk.</summary>
public sealed class DiskFullException(string message) : IOException(message);

/// <summary>Tells a full disk from other failures.</summary>
public static class DiskSpace
{
    public const string Message = "No space is left on the disk of the data folder. Free some space.";

    /// <summary>What stays free for the database and the journals.</summary>
    private const long Margin = 64L << 20;

    private const int SqliteFull = 13;
    private const int SqliteSharedMemorySize = 4874;
    private const int UnixNoSpace = 28;
    private const int UnixQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Finds out before large content is written whether it has room.</summary>
    /// <exception cref="DiskFullException">It has not.</exception>
    public static void EnsureRoom(string folder, long bytes)
    {
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free < bytes + Margin)
        {
            throw new DiskFullException(string.Create(CultureInfo.InvariantCulture, $"{Message} {bytes / 1e9:0.00} GB are needed, and {free / 1e9:0.00} GB are free."));
        }
    }

    /// <summary>Whether the error, or what caused it, is a disk without space.</summary>
    public static bool IsExhausted(Exception? error) => error switch
    {
        null => false,
        DiskFullException => true,
        SqliteException { SqliteErrorCode: SqliteFull } or SqliteException { SqliteExtendedErrorCode: SqliteSharedMemorySize } => true,
        IOException { HResult: UnixNoSpace or UnixQuotaExceeded or WindowsDiskFull } => true,
        _ => IsExhausted(error.InnerException),
    };
}
