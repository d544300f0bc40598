using System.Text.Json;

namespace Landfall.Inference.Tokenizers;

/// <summary>Small tokenizers of each kind, and what Hugging Face's own library makes of some hundred texts with them.</summary>
internal static class TokenizerFixtures
{
    /// <summary>Where they lie.</summary>
    public static string Folder { get; } = Find();

    /// <summary>The texts.</summary>
    public static string[] Texts { get; } = [.. File.ReadLines(Path.Combine(Folder, "texts.txt")).Select(Json)];

    /// <summary>The names of all tokenizers.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>The bytes of a tokenizer's file.</summary>
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    /// <summary>A tokenizer.</summary>
    public static ITokenizer Read(string name, TokenizerConfig? config = null)
    {
        using var stream = new MemoryStream(Bytes(name));
        return TokenizerJson.Read(stream, name + ".json", config);
    }

    /// <summary>A tokenizer from JSON in a test.</summary>
    public static ITokenizer Parse(string json, TokenizerConfig? config = null)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        return TokenizerJson.Read(stream, "tokenizer.json", config);
    }

    /// <summary>For each text: the ids with special tokens, and the text that they decode to.</summary>
    public static IEnumerable<(string Text, int[] Ids, string Decoded)> Expected(string name) =>
        File.ReadLines(Path.Combine(Folder, name + ".expected")).Zip(Texts, (line, text) =>
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var ids = line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
            return (text, ids, Json(line[(tab + 1)..]));
        });

    private static string Json(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetString()!;
    }

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(folder, "tests", "Landfall.Inference.Tests", "Fixtures")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests' Fixtures are not above the program.");
        }

        return Path.Combine(folder, "tests", "Landfall.Inference.Tests", "Fixtures", "tokenizers");
    }
}
