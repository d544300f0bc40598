using System.Security.Cryptography;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>Exports that wait to be fetched: a folder for each run. Nobody keeps them; what is a day old goes.</summary>
public sealed class ModelExports(string root, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>An empty folder for a run.</summary>
    public string Begin(string run)
    {
        Directory.CreateDirectory(root);
        foreach (var old in Directory.EnumerateDirectories(root).Where(f => time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(f) > Kept))
        {
            Directory.Delete(old, recursive: true);
        }

        Remove(run);
        return Directory.CreateDirectory(Path.Combine(root, run)).FullName;
    }

    /// <summary>What was written there.</summary>
    public static async Task<IReadOnlyList<ModelFile>> DescribeAsync(string folder, CancellationToken cancellation)
    {
        var files = new List<ModelFile>();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var content = File.OpenRead(path);
            await using (content.ConfigureAwait(false))
            {
                var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false));
                files.Add(new ModelFile(Path.GetRelativePath(folder, path).Replace('\\', '/'), hash, content.Length));
            }
        }

        return files;
    }

    /// <summary>Opens a file of an export; null where it is not there.</summary>
    public FileStream? Open(string run, string file)
    {
        var path = Path.Combine(root, run, file);
        return ModelNames.IsFileName(file) && File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous)
            : null;
    }

    /// <summary>Removes an export; false where there is none.</summary>
    public bool Remove(string run)
    {
        var folder = Path.Combine(root, run);
        if (!Directory.Exists(folder))
        {
            return false;
        }

        Directory.Delete(folder, recursive: true);
        return true;
    }
}
