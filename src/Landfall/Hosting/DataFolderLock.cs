namespace Landfall.Hosting;

/// <summary>Thrown when another process holds the data folder.</summary>
internal sealed class DataFolderInUseException(string folder)
    : Exception($"Another server holds the data folder {folder}.");

/// <summary>The lock that makes one server at a time the owner of a data folder. The system releases it when the process ends.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The data folder; made when it is not there.</param>
    /// <param name="takeOver">
    /// Leave the present holder with a lock file that has no name any more. Its writes are refused by the fence.
    /// </param>
    /// <exception cref="DataFolderInUseException">Another process holds it.</exception>
    public static DataFolderLock Acquire(string folder, bool takeOver)
    {
        CreatePrivate(folder);
        var path = Path.Combine(folder, "lock");
        if (takeOver)
        {
            File.Delete(path);
        }

        try
        {
            return new DataFolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (File.Exists(path) && !Platform.Storage.DiskSpace.IsExhausted(error))
        {
            throw new DataFolderInUseException(folder);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Traces and messages of users are nobody else's business: the folder is the owner's alone.</summary>
    private static void CreatePrivate(string folder) =>
        Platform.Storage.DirectorySync.Create(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
