using Landfall.Inference.Formats;

namespace Landfall.Inference.Tokenizers;

/// <summary>A model's tokenizer_config.json, as far as it says what tokenizer.json does not.</summary>
public sealed class TokenizerConfig
{
    /// <summary>The token that prompts begin with.</summary>
    public string? BeginToken { get; init; }

    /// <summary>The token that ends a text.</summary>
    public string? EndToken { get; init; }

    /// <summary>Whether encoding with special tokens adds the first; null leaves it to tokenizer.json.</summary>
    public bool? AddBeginToken { get; init; }

    /// <summary>Whether encoding with special tokens adds the last; null leaves it to tokenizer.json.</summary>
    public bool? AddEndToken { get; init; }

    /// <summary>Sources of chat templates by name; the usual one is called <c>default</c>.</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Reads a tokenizer_config.json.</summary>
    /// <param name="json">Its bytes.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="ModelFormatException">It is not JSON, or a field is of the wrong kind.</exception>
    public static TokenizerConfig Read(Stream json, string file) => JsonField.Read(json, file, root => new TokenizerConfig
    {
        BeginToken = Token(root["bos_token"]),
        EndToken = Token(root["eos_token"]),
        AddBeginToken = root["add_bos_token"].IsNull ? null : root["add_bos_token"].Bool(false),
        AddEndToken = root["add_eos_token"].IsNull ? null : root["add_eos_token"].Bool(false),
        ChatTemplates = Templates(root["chat_template"]),
    });

    /// <summary>
    /// Reads what a model's folder has: tokenizer_config.json, and chat_template.jinja or chat_template.json, which come
    /// before the template in the former. An empty configuration where there are none.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ModelFormatException">A file is damaged.</exception>
    public static TokenizerConfig ReadFolder(string folder)
    {
        var config = ReadIfThere(Path.Combine(folder, "tokenizer_config.json")) ?? new();
        var template = Path.Combine(folder, "chat_template.jinja");
        var templates = File.Exists(template)
            ? new Dictionary<string, string>(config.ChatTemplates, StringComparer.Ordinal) { ["default"] = FolderFile.ReadText(template) }
            : ReadIfThere(Path.Combine(folder, "chat_template.json"))?.ChatTemplates;
        return templates is null ? config : new()
        {
            BeginToken = config.BeginToken,
            EndToken = config.EndToken,
            AddBeginToken = config.AddBeginToken,
            AddEndToken = config.AddEndToken,
            ChatTemplates = templates,
        };
    }

    private static TokenizerConfig? ReadIfThere(string path) => File.Exists(path) ? FolderFile.Read(path, stream => Read(stream, path)) : null;

    private static string? Token(JsonField field) => field.IsObject ? field["content"].StringOrNull() : field.StringOrNull();

    private static Dictionary<string, string> Templates(JsonField field)
    {
        var templates = new Dictionary<string, string>(StringComparer.Ordinal);
        if (field.IsString)
        {
            templates["default"] = field.String();
            return templates;
        }

        foreach (var named in field.Items())
        {
            templates[named["name"].String()] = named["template"].String();
        }

        return templates;
    }
}
