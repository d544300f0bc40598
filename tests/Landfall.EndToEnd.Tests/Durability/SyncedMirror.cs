using System.ComponentModel;
using System.Diagnostics;

namespace Landfall.EndToEnd.Durability;

/// <summary>
/// What a disk that loses everything unsynced would hold of a data folder; recorded by <c>synced_mirror.c</c>, which is
/// preloaded into the process that writes there.
/// </summary>
internal sealed class SyncedMirror
{
    private readonly string _library;
    private readonly string _dataFolder;
    private readonly string _record;

    /// <summary>Begins a record.</summary>
    /// <param name="library">The built library; see <see cref="BuildAsync"/>.</param>
    /// <param name="dataFolder">The folder to watch; it is made here, as the place whose own name is safe.</param>
    /// <param name="record">A new folder for the record.</param>
    public SyncedMirror(string library, string dataFolder, string record)
    {
        (_library, _dataFolder, _record) = (library, dataFolder, record);
        Directory.CreateDirectory(dataFolder);
        Directory.CreateDirectory(Path.Combine(record, "files"));
        Directory.CreateDirectory(Path.Combine(record, "folders"));
    }

    /// <summary>What the watched process needs in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = _library,
        ["MIRROR_FOLDER"] = _dataFolder,
        ["MIRROR_TO"] = _record,
    };

    /// <summary>Builds the library with the system's C compiler. The test is skipped where there is none, or no glibc.</summary>
    public static async Task<string> BuildAsync(string folder, CancellationToken cancellation)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Libraries are preloaded on Linux only.");
        var source = Path.Combine(AppContext.BaseDirectory, "Durability", "synced_mirror.c");
        var library = Path.Combine(folder, "synced_mirror.so");
        try
        {
            using var compiler = Process.Start("cc", ["-Wall", "-Wextra", "-Werror", "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl", "-pthread"]);
            await compiler.WaitForExitAsync(cancellation);
            Assert.True(compiler.ExitCode == 0, $"cc does not compile {source}: exit code {compiler.ExitCode}.");
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no C compiler (cc) here.");
        }

        return library;
    }

    /// <summary>Writes into a new folder what the disk would hold after a loss of power at this moment.</summary>
    public void Restore(string target) => Restore(KeyOfRoot(), target);

    private void Restore(string folderKey, string target)
    {
        Directory.CreateDirectory(target);
        var names = Path.Combine(_record, "folders", folderKey);
        foreach (var line in File.Exists(names) ? File.ReadAllLines(names) : [])
        {
            var parts = line.Split(' ', 3);
            var (isFolder, key, path) = (parts[0] == "d", parts[1], Path.Combine(target, parts[2]));
            var content = Path.Combine(_record, "files", key);
            if (isFolder)
            {
                Restore(key, path);
            }
            else if (File.Exists(content))
            {
                File.Copy(content, path);
            }
            else
            {
                // The name was synced and nothing of the content.
                File.WriteAllBytes(path, []);
            }
        }
    }

    /// <summary>The data folder's own record: of all folders the one that lists the database. Without one, nothing was synced.</summary>
    private string KeyOfRoot() => Directory.EnumerateFiles(Path.Combine(_record, "folders"))
        .FirstOrDefault(f => File.ReadLines(f).Any(l => l.EndsWith(" landfall.db", StringComparison.Ordinal) || l.EndsWith(" blobs", StringComparison.Ordinal))) is { } root
        ? Path.GetFileName(root)
        : "none";
}
