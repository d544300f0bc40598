using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Inference.Templates;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference;

/// <summary>A model that is ready to run: its weights where they lie in their files, its tokenizer, its chat template.</summary>
public sealed class LanguageModel : IDisposable
{
    /// <summary>Tokens by which families end a turn, whatever their files call the end of a text.</summary>
    private static readonly string[] TurnEnds = ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_turn|>", "<end_of_turn>", "<|end|>", "<|endoftext|>"];

    private readonly ModelFiles _files;

    /// <param name="files">The weights; the model takes them over.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="template">How a conversation is written, where the model says it.</param>
    /// <exception cref="ModelFormatException">The tokenizer has tokens that the model does not.</exception>
    public LanguageModel(ModelFiles files, ITokenizer tokenizer, ChatTemplate? template = null)
    {
        if (tokenizer.Vocabulary.Count > files.Config.VocabularySize)
        {
            throw new ModelFormatException(files.Path, $"the tokenizer has {tokenizer.Vocabulary.Count} tokens; the weights have {files.Config.VocabularySize}. They do not belong together.");
        }

        _files = files;
        Tokenizer = tokenizer;
        Template = template;
        BeginToken = files.Config.BeginToken ?? tokenizer.BeginToken;
        EndTokens = [.. FindEnds().Distinct().Where(t => t >= 0 && t < tokenizer.Vocabulary.Count)];
    }

    /// <summary>The folder or the file.</summary>
    public string Path => _files.Path;

    /// <summary>Its shape.</summary>
    public ModelConfig Config => _files.Config;

    /// <summary>What its makers advise for sampling.</summary>
    public GenerationDefaults Generation => _files.Generation;

    /// <summary>Text to tokens and back.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>How a conversation is written; null where the model does not say it.</summary>
    public ChatTemplate? Template { get; }

    /// <summary>The token that prompts begin with, where there is one.</summary>
    public int? BeginToken { get; }

    /// <summary>Tokens that end an answer.</summary>
    public IReadOnlyList<int> EndTokens { get; }

    /// <summary>Whether it writes text; otherwise it only makes embeddings.</summary>
    public bool IsDecoder => _files.Decoder is not null;

    /// <summary>A decoder's weights.</summary>
    /// <exception cref="InferenceException">The model is an encoder.</exception>
    internal ModelWeights Decoder => _files.Decoder ?? throw new InferenceException($"{Path} is an encoder: it makes embeddings, no text.");

    /// <summary>An encoder's weights.</summary>
    /// <exception cref="InferenceException">The model is a decoder.</exception>
    internal EncoderWeights Encoder => _files.Encoder ?? throw new InferenceException($"{Path} is a decoder, not an encoder.");

    /// <summary>Opens a Hugging Face folder or a GGUF file. Weights are mapped, not copied.</summary>
    /// <exception cref="ModelFormatException">A file is missing, damaged, or does not fit the others.</exception>
    public static LanguageModel Open(string path) => Open(ModelFiles.Open(path));

    /// <summary>Reads the tokenizer and the template that belong to weights.</summary>
    /// <param name="files">The weights; the model takes them over, and lets them go where it cannot be opened.</param>
    /// <exception cref="ModelFormatException">A file is missing, damaged, or does not fit the others.</exception>
    public static LanguageModel Open(ModelFiles files)
    {
        try
        {
            return files.Metadata is { } metadata ? OpenGguf(files, metadata) : OpenFolder(files, files.Folder!);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the files; nothing may run on it any more.</summary>
    public void Dispose() => _files.Dispose();

    private static LanguageModel OpenGguf(ModelFiles files, GgufMetadata metadata)
    {
        var template = metadata.Find<string>("tokenizer.chat_template");
        return new LanguageModel(files, GgufTokenizer.Read(metadata), template is null ? null : ChatTemplate.Parse(template));
    }

    private static LanguageModel OpenFolder(ModelFiles files, string folder)
    {
        var config = TokenizerConfig.ReadFolder(folder);
        var tokenizer = TokenizerJson.ReadFolder(folder, config);
        return new LanguageModel(files, tokenizer, config.ChatTemplates.TryGetValue("default", out var template) ? ChatTemplate.Parse(template) : null);
    }

    private IEnumerable<int> FindEnds()
    {
        foreach (var token in Config.EndTokens)
        {
            yield return token;
        }

        if (Tokenizer.EndToken is { } end)
        {
            yield return end;
        }

        for (var token = 0; token < Tokenizer.Vocabulary.Count; token++)
        {
            if (Tokenizer.Vocabulary.IsSpecial(token) && TurnEnds.Contains(Tokenizer.Vocabulary.Text(token), StringComparer.Ordinal))
            {
                yield return token;
            }
        }
    }
}
