using System.Security.Cryptography;
using System.Text;
using Landfall.Platform.Access;
using Landfall.Platform.Storage;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>
/// The files of models. Their content is in the blob store; to be opened, a model has a folder in which its files have
/// their names again, as hard links: <c>models/&lt;hash&gt;/</c>, those of teams other than <c>default</c> under
/// <c>models/teams/&lt;team&gt;</c>. Such a folder can be made again at any time.
/// </summary>
public sealed class ModelContent
{
    /// <summary>What a model's one GGUF file is called, whatever its name was.</summary>
    public const string GgufName = "model.gguf";

    private const string Teams = "teams";
    private const string Work = "work";
    private readonly BlobStore _blobs;
    private readonly string _root;

    /// <summary>Opens the folder, and removes what a process left there that ended in the middle: half-made folders, whose links would keep removed weights.</summary>
    public ModelContent(BlobStore blobs, string root)
    {
        (_blobs, _root) = (blobs, root);
        foreach (var leftover in new[] { root }.Concat(FoldersIn(Path.Combine(root, Teams))).SelectMany(FoldersIn).Where(f => Path.GetFileName(f).Contains('.', StringComparison.Ordinal)).Concat(FoldersIn(Path.Combine(root, Work))))
        {
            Directory.Delete(leftover, recursive: true);
        }
    }

    /// <summary>The model's identity: the sha256 over its files, by name.</summary>
    public static string HashOf(IEnumerable<ModelFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\n{file.Sha256}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The path by which the model is opened: its GGUF file, or its folder. It is made where it is not there.</summary>
    /// <exception cref="FileNotFoundException">A file's blob is missing.</exception>
    public string PathOf(IReadOnlyList<ModelFile> files)
    {
        var folder = FolderOf(HashOf(files));
        if (!Directory.Exists(folder))
        {
            Make(folder, files);
        }

        return files is [{ Name: GgufName }] ? Path.Combine(folder, GgufName) : folder;
    }

    /// <summary>Puts a model's files into a folder, under their names; no byte is copied.</summary>
    public void Link(string folder, IReadOnlyList<ModelFile> files)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _blobs.Link(file.Sha256, path);
        }
    }

    /// <summary>A folder to write in for a run; what an earlier try left there is removed.</summary>
    public string WorkOf(string run)
    {
        var folder = Path.Combine(_root, Work, run);
        RemoveWork(run);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Removes what a run wrote.</summary>
    public void RemoveWork(string run)
    {
        var folder = Path.Combine(_root, Work, run);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether all files are there.</summary>
    public bool IsWhole(IReadOnlyList<ModelFile> files) => files.All(f => _blobs.Exists(f.Sha256));

    /// <summary>Removes a model's folder, and of its weights those that <paramref name="kept"/> has not.</summary>
    public void Remove(IReadOnlyList<ModelFile> files, IReadOnlySet<string> kept)
    {
        var folder = FolderOf(HashOf(files));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        // Small files may be some other thing's as well; they take no room.
        foreach (var file in files.Where(f => IsWeights(f.Name) && !kept.Contains(f.Sha256)))
        {
            _blobs.Remove(file.Sha256);
        }
    }

    private static bool IsWeights(string name) =>
        name.EndsWith(".gguf", StringComparison.Ordinal) || name.EndsWith(".safetensors", StringComparison.Ordinal);

    /// <summary>Under another name first: a folder is there with all its files or not at all.</summary>
    private void Make(string folder, IReadOnlyList<ModelFile> files)
    {
        var temporary = $"{folder}.{Guid.NewGuid():n}";
        try
        {
            Link(temporary, files);
            Directory.Move(temporary, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Somebody else made it meanwhile.
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static string[] FoldersIn(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    private string FolderOf(string hash)
    {
        var team = Caller.Current.Team;
        return team == Caller.Local.Team ? Path.Combine(_root, hash)
            : TeamStore.IsName(team) ? Path.Combine(_root, Teams, team, hash)
            : throw new InvalidOperationException($"'{team}' is no team that could have models.");
    }
}
