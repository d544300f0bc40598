using System.Text.Json;
using Landfall.Inference.Models;

namespace Landfall.Inference.Formats;

/// <summary>
/// Reads how a sentence-transformers model pools: <c>1_Pooling/config.json</c>, or the folder that <c>modules.json</c>
/// names for its pooling.
/// </summary>
internal static class HuggingFacePooling
{
    private const int MostBytes = 1 << 20;

    private static readonly (string Setting, Pooling? Pooling)[] Modes =
    [
        ("pooling_mode_mean_tokens", Pooling.Mean), ("pooling_mode_cls_token", Pooling.FirstToken), ("pooling_mode_lasttoken", Pooling.LastToken),
        ("pooling_mode_max_tokens", null), ("pooling_mode_mean_sqrt_len_tokens", null), ("pooling_mode_weightedmean_tokens", null),
    ];

    public static Pooling? Find(string folder)
    {
        var path = Path.Combine(folder, PoolingFolder(folder), "config.json");
        if (!File.Exists(path))
        {
            return null;
        }

        using var json = JsonFile.Open(path);
        var modes = Modes.Where(mode => json.Root.FindBool(mode.Setting) == true).ToList();
        if (modes.Count == 0 && json.Root.FindText("pooling_mode") is { } named)
        {
            modes = [(named, named switch { "mean" => Pooling.Mean, "cls" => Pooling.FirstToken, "lasttoken" => Pooling.LastToken, _ => null })];
        }

        return modes is [(_, { } pooling)] ? pooling
            : throw new ModelFormatException(path, $"the pooling is '{string.Join("' and '", modes.Select(mode => mode.Setting))}', where one of mean, first token (cls) and last token is done.");
    }

    private static string PoolingFolder(string folder)
    {
        const string Usual = "1_Pooling";
        var path = Path.Combine(folder, "modules.json");
        if (!File.Exists(path))
        {
            return Usual;
        }

        return FolderFile.Read(path, stream => PoolingFolder(path, stream) ?? Usual, MostBytes);
    }

    /// <summary>What <c>modules.json</c> calls the pooling's folder; null where it names none.</summary>
    private static string? PoolingFolder(string path, Stream stream)
    {
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 16 });
            foreach (var module in document.RootElement.EnumerateArray())
            {
                if (module.GetProperty("type").GetString()?.EndsWith(".Pooling", StringComparison.Ordinal) == true)
                {
                    var name = module.GetProperty("path").GetString() ?? throw new ModelFormatException(path, "the pooling's 'path' is null, where a text is expected.");
                    return name.AsSpan().ContainsAny('/', '\\', '\0') || name is "." or ".." ? throw new ModelFormatException(path, $"'{name}' is no folder within the model's.") : name;
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelFormatException(path, $"an array of modules with 'type' and 'path' is expected: {exception.Message}", exception);
        }
    }
}
