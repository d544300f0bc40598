using System.Security.Cryptography;
using System.Text;
using Landfall.Protocol.Briefs;

namespace Landfall.Commands.Files;

/// <summary>An app's folder: the only place whose files a brief may name.</summary>
internal sealed class AppFolder
{
    /// <param name="path">The folder, as given.</param>
    public AppFolder(string path) => Path = RealPath.Resolve(path);

    /// <summary>Where it really is.</summary>
    public string Path { get; }

    /// <summary>Its identity for the server: a hash, because the path itself is nobody's business.</summary>
    public string Origin => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)));

    /// <summary>Uploads what a brief names, as far as it is there and inside.</summary>
    /// <param name="names">Paths as written in the brief.</param>
    /// <param name="uploader">Brings them to the server.</param>
    /// <param name="cancellation">Ends the upload.</param>
    public async Task<Dictionary<string, FileReference>> UploadAsync(IEnumerable<string> names, BlobUploader uploader, CancellationToken cancellation)
    {
        var files = new Dictionary<string, FileReference>(StringComparer.Ordinal);
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var (state, path) = Find(name);
            files[name] = state == FileState.Present ? await TryUploadAsync(uploader, path, name, cancellation) : new FileReference(state, Sha256: null, Size: 0);
        }

        return files;
    }

    /// <summary>What lies at a path of a brief, every link followed.</summary>
    public (FileState State, string Path) Find(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
        {
            return (FileState.Missing, name);
        }

        string path;
        try
        {
            path = RealPath.Resolve(System.IO.Path.Combine(Path, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (FileState.Unreadable, name);
        }

        if (!RealPath.IsInside(Path, path))
        {
            return (FileState.Outside, path);
        }

        return Directory.Exists(path) ? (FileState.Unreadable, path) : (File.Exists(path) ? FileState.Present : FileState.Missing, path);
    }

    private static async Task<FileReference> TryUploadAsync(BlobUploader uploader, string path, string name, CancellationToken cancellation)
    {
        try
        {
            return await uploader.UploadAsync(path, name, cancellation);
        }
        catch (CommandException e) when (e.ExitCode == ExitCodes.Usage)
        {
            // The second check names it beside all other problems, with its line in the brief.
            return new FileReference(FileState.Unreadable, Sha256: null, Size: 0);
        }
    }
}
