using System.Text.Json;

namespace Landfall.Platform.Tests.Models;

/// <summary>A tokenizer of few tokens, for models whose vocabulary is as small.</summary>
internal static class TinyTokenizer
{
    /// <summary>Printable ASCII, a token each, in byte-level BPE's alphabet.</summary>
    public static void Write(string folder)
    {
        var vocabulary = Enumerable.Range('!', '~' - '!' + 1).Select(c => ((char)c).ToString()).ToList();
        var json = new
        {
            version = "1.0",
            added_tokens = Array.Empty<object>(),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            decoder = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            model = new { type = "BPE", vocab = vocabulary.Select((token, id) => (token, id)).ToDictionary(t => t.token, t => t.id), merges = Array.Empty<string>() },
        };
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(json));
    }
}
