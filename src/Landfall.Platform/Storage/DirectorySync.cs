using System.Runtime.InteropServices;

namespace Landfall.Platform.Storage;

/// <summary>Makes names durable: on Unix a new name in a folder is on disk only once the folder itself is synced.</summary>
public static partial class DirectorySync
{
    /// <summary>Makes a folder, and those above it, that outlive a loss of power.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <param name="mode">The folder's permissions on Unix, when it is made here; null: the usual ones.</param>
    public static void Create(string folder, UnixFileMode? mode = null)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder));
        if (parent is not null)
        {
            Create(parent);
        }

        if (mode is { } permissions && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, permissions);
        }
        else
        {
            Directory.CreateDirectory(folder);
        }

        if (parent is not null)
        {
            Sync(parent);
        }
    }

    /// <summary>Syncs a folder's names.</summary>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {folder} cannot be opened to be synced (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw new IOException($"The folder {folder} cannot be synced (error {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
