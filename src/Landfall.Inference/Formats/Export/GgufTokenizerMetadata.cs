using Landfall.Inference.Models;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Formats.Export;

/// <summary>
/// Says a folder's tokenizer in GGUF's keys. What was said is read back and compared with the folder's tokenizer on a text
/// that shows where tokenizers differ, so that no file is written that reads texts in another way.
/// </summary>
internal static class GgufTokenizerMetadata
{
    internal const string Prefix = "tokenizer.ggml.";

    /// <summary>Letters of several scripts and cases, runs of digits, spaces and line breaks, contractions, signs, emoji.</summary>
    internal const string Probe =
        "\n \n\n \n\n\n \t \t\t \t\n  \n   \n    \n     \n🚀 (normal) 😶‍🌫️ (multiple emojis concatenated) ✅ 3 33 333 3333 33333 333333 3.14159\n"
        + "I've don't WE'LL she'd it's 'tis I'M camelCase HTTPServer snake_case x=y+z; if (a[0] != b->c) { return \"no\"; } // end\r\n"
        + "Größe, naïve Çédille, Привет мир, ελληνικά, 你好世界，今天天气很好。こんにちは 안녕하세요 हिन्दी العربية ไทย\u00A0x  ''''''```````\"\"\"\"......!!!!!!??????  end";

    /// <exception cref="ModelFormatException">The tokenizer is damaged, or of a kind that GGUF has no keys for.</exception>
    public static List<GgufEntry> Of(ModelFiles model)
    {
        if (!File.Exists(Path.Combine(model.Folder!, "tokenizer.json")))
        {
            return [GgufEntry.Of($"{Prefix}model", "none")];
        }

        var config = TokenizerConfig.ReadFolder(model.Folder!);
        var tokenizer = TokenizerJson.ReadFolder(model.Folder!, config);
        var path = Path.Combine(model.Folder!, "tokenizer.json");
        using var stream = File.OpenRead(path);
        var entries = JsonField.Read(stream, path, root => new GgufTokenizerWriter(root, tokenizer, model.Config).Write());
        entries.AddRange(Roles(tokenizer, config, model.Config));
        return entries;
    }

    private static IEnumerable<GgufEntry> Roles(ITokenizer tokenizer, TokenizerConfig config, ModelConfig model)
    {
        var others = model.EndTokens.Where(token => token != tokenizer.EndToken).Take(2).ToList();
        foreach (var (key, token) in new[] { ("eot_token_id", others.ElementAtOrDefault(0)), ("eom_token_id", others.ElementAtOrDefault(1)) }.Take(others.Count))
        {
            yield return GgufEntry.Of(Prefix + key, token);
        }

        foreach (var (name, template) in config.ChatTemplates)
        {
            yield return GgufEntry.Of(name == "default" ? "tokenizer.chat_template" : $"tokenizer.chat_template.{name}", template);
        }

        if (config.ChatTemplates.Keys.Where(name => name != "default").ToArray() is { Length: > 0 } named)
        {
            yield return GgufEntry.Of("tokenizer.chat_templates", named);
        }
    }
}
