using System.Globalization;
using Landfall.Inference.Formats;

namespace Landfall.Platform.Models;

/// <summary>What a model's makers say of it, in its files.</summary>
internal static class ModelCard
{
    private const int MostEntries = 50;
    private const int LongestText = 500;
    private const int MostLines = 200;

    /// <summary>The keys <c>general.*</c> of a GGUF file that are texts or numbers.</summary>
    public static IReadOnlyDictionary<string, string> General(GgufMetadata metadata)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in metadata.Values.Where(v => v.Key.StartsWith("general.", StringComparison.Ordinal)).OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            var text = value switch
            {
                string words => words,
                string[] list => string.Join(", ", list),
                long or double or bool => Convert.ToString(value, CultureInfo.InvariantCulture),
                _ => null,
            };
            if (!string.IsNullOrWhiteSpace(text) && key.Length <= LongestText && found.Count < MostEntries)
            {
                found[Clean(key)] = Clean(text);
            }
        }

        return found;
    }

    /// <summary>The licence that the head of a Hugging Face folder's README.md names.</summary>
    public static string? Licence(string folder)
    {
        var path = Path.Combine(folder, "README.md");
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = File.ReadLines(path).Take(MostLines).ToList();
        if (lines is not ["---", ..])
        {
            return null;
        }

        const string key = "license:";
        var line = lines.Skip(1).TakeWhile(l => l != "---").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal));
        return line?[key.Length..].Trim().Trim('"', '\'') is { Length: > 0 } licence ? Clean(licence) : null;
    }

    private static string Clean(string text)
    {
        var line = string.Concat(text.Take(LongestText).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
        return text.Length > LongestText ? line + "..." : line;
    }
}
