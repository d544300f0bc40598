using System.Text.Json;
using Landfall.Inference;
using Landfall.Protocol.Models;

namespace Landfall.Platform.Models;

/// <summary>A file that is to become part of a model.</summary>
/// <param name="Name">Its path inside the model.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its length.</param>
public sealed record SourceFile(string Name, string Path, long Bytes);

/// <summary>Finds what belongs to a model at a path: a GGUF file, or of a Hugging Face folder what a model needs.</summary>
public static class ModelSource
{
    /// <summary>A folder that has more is no model's.</summary>
    private const int MostFiles = 2000;
    private const long LargestIndex = 64L << 20;
    /// <summary>The files, in the order of their names.</summary>
    /// <exception cref="ModelFormatException">There is no model at the path.</exception>
    public static IReadOnlyList<SourceFile> List(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                return path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
                    ? [Describe(ModelContent.GgufName, path)]
                    : throw new ModelFormatException(path, "is no .gguf file. Give a .gguf file, or the folder that config.json and the .safetensors files are in.");
            }

            return Directory.Exists(path) ? ListFolder(path) : throw new ModelFormatException(path, "is not there.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The files of an adapter: a GGUF file, or of a PEFT folder what belongs to it.</summary>
    /// <exception cref="ModelFormatException">There is no adapter at the path.</exception>
    public static IReadOnlyList<SourceFile> ListAdapter(string path)
    {
        if (!Directory.Exists(path))
        {
            return List(path);
        }

        try
        {
            var missing = new[] { ModelFolderFiles.AdapterConfig, ModelFolderFiles.AdapterWeights }.FirstOrDefault(name => !File.Exists(Path.Combine(path, name)));
            return missing is null
                ? [.. Directory.EnumerateFiles(path).Where(f => ModelFolderFiles.BelongsToAdapter(Path.GetFileName(f)) && ModelNames.IsFileName(Path.GetFileName(f))).Order(StringComparer.Ordinal).Select(f => Describe(Path.GetFileName(f), f))]
                : throw new ModelFormatException(path, $"has no {missing}. Give the folder of a PEFT adapter, or a .gguf file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, $"cannot be read: {error.Message}", error);
        }
    }

    private static IReadOnlyList<SourceFile> ListFolder(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Take(MostFiles + 1).ToDictionary(f => Path.GetFileName(f), StringComparer.Ordinal);
        if (files.Count > MostFiles)
        {
            throw new ModelFormatException(folder, $"has more than {MostFiles} files. Give the folder of one model.");
        }

        if (!files.ContainsKey("config.json"))
        {
            var ggufs = files.Where(f => f.Key.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)).ToList();
            return ggufs.Count == 1
                ? [Describe(ModelContent.GgufName, ggufs[0].Value)]
                : throw new ModelFormatException(folder, ggufs.Count == 0 ? "has no config.json and no .gguf file." : $"has {ggufs.Count} .gguf files. Give the path of one of them.");
        }

        var weights = WeightsOf(folder, files);
        var chosen = files.Where(f => ModelNames.IsFileName(f.Key) && (weights.Contains(f.Key) || ModelFolderFiles.Belongs(f.Key))).Select(f => Describe(f.Key, f.Value)).ToList();

        // Sentence-transformers models say there how tokens become one vector.
        var pooling = Path.Combine(folder, ModelFolderFiles.Pooling);
        if (File.Exists(pooling))
        {
            chosen.Add(Describe(ModelFolderFiles.Pooling, pooling));
        }

        return [.. chosen.OrderBy(f => f.Name, StringComparer.Ordinal)];
    }

    /// <summary>The shards that the index names, or the one file: a folder may hold the same weights again in another layout.</summary>
    private static HashSet<string> WeightsOf(string folder, Dictionary<string, string> files)
    {
        if (!files.TryGetValue(ModelFolderFiles.Index, out var index))
        {
            return files.ContainsKey(ModelFolderFiles.Weights)
                ? [ModelFolderFiles.Weights]
                : throw new ModelFormatException(folder, $"has no {ModelFolderFiles.Weights} and no {ModelFolderFiles.Index}. Weights in other formats (.bin, .pth) are not read.");
        }

        var shards = ReadIndex(index);
        return shards.FirstOrDefault(s => !files.ContainsKey(s)) is { } missing
            ? throw new ModelFormatException(index, $"names the file {Briefs.Shown.Text(missing)}, which is not in the folder. Fetch the model's files again.")
            : shards;
    }

    private static HashSet<string> ReadIndex(string path)
    {
        if (new FileInfo(path).Length > LargestIndex)
        {
            throw new ModelFormatException(path, $"is larger than {LargestIndex >> 20} MB, which no index is.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return [.. document.RootElement.GetProperty("weight_map").EnumerateObject().Select(e => e.Value.GetString() ?? "")];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelFormatException(path, "is no index of weights: it needs a 'weight_map' of tensors to files.", error);
        }
    }

    private static SourceFile Describe(string name, string path)
    {
        // The file that a link leads to, as in a cache of downloads.
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new SourceFile(name, path, file.Length);
    }
}
