using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Inference.Models;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Formats.Export;

/// <summary>
/// Writes a GGUF file's tokenizer as <c>tokenizer.json</c> and <c>tokenizer_config.json</c>. As on the way there, it is read
/// back and compared.
/// </summary>
internal sealed class HuggingFaceTokenizerWriter
{
    private const string Prefix = GgufTokenizerMetadata.Prefix;

    private readonly ModelFiles _model;
    private readonly byte[] _json;
    private readonly byte[] _config;

    private HuggingFaceTokenizerWriter(ModelFiles model, byte[] json, byte[] config) => (_model, _json, _config) = (model, json, config);

    /// <summary>Makes the files in memory, before any other file is written; null for a model without a tokenizer.</summary>
    /// <exception cref="ModelFormatException">The tokenizer cannot be written as a tokenizer.json, or not so that it reads texts alike.</exception>
    public static HuggingFaceTokenizerWriter? Prepare(ModelFiles model)
    {
        var metadata = model.Metadata!;
        if (metadata.Find<string>($"{Prefix}model") is null or "none" or "no_vocab")
        {
            return null;
        }

        var tokenizer = GgufTokenizer.Read(metadata);
        var json = TokenizerJsonWriter.Write(metadata, tokenizer);
        using var config = new MemoryStream();
        WriteConfig(config, metadata, tokenizer);
        var writer = new HuggingFaceTokenizerWriter(model, json, config.ToArray());
        var (ours, theirs) = (writer.ReadBack().Encode(GgufTokenizerMetadata.Probe, addSpecial: true), tokenizer.Encode(GgufTokenizerMetadata.Probe, addSpecial: true));
        return ours.SequenceEqual(theirs) ? writer
            : throw new ModelFormatException(metadata.File, "its tokenizer does not read texts as the tokenizer.json made of it does; take the tokenizer's files from the model's makers.");
    }

    /// <summary>Writes the files.</summary>
    public void Write(string folder)
    {
        AtomicFile.Write(Path.Combine(folder, "tokenizer.json"), stream => stream.Write(_json));
        AtomicFile.Write(Path.Combine(folder, "tokenizer_config.json"), stream => stream.Write(_config));
        WritePooling(_model, folder);
    }

    private ITokenizer ReadBack()
    {
        using var config = new MemoryStream(_config);
        using var json = new MemoryStream(_json);
        return TokenizerJson.Read(json, "tokenizer.json", TokenizerConfig.Read(config, "tokenizer_config.json"));
    }

    private static void WriteConfig(Stream stream, GgufMetadata metadata, ITokenizer tokenizer)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        if (tokenizer.BeginToken is { } begin)
        {
            json.WriteString("bos_token", tokenizer.Vocabulary.Text(begin));
        }

        if (tokenizer.EndToken is { } end)
        {
            json.WriteString("eos_token", tokenizer.Vocabulary.Text(end));
        }

        var around = tokenizer.Encode(string.Empty, addSpecial: true);
        json.WriteBoolean("add_bos_token", tokenizer.BeginToken is { } first && around.FirstOrDefault(-1) == first);
        json.WriteBoolean("add_eos_token", tokenizer.EndToken is { } last && around.LastOrDefault(-1) == last);
        if (metadata.Find<string>("tokenizer.chat_template") is { } template)
        {
            json.WriteString("chat_template", template);
        }

        json.WriteEndObject();
    }

    private static void WritePooling(ModelFiles model, string folder)
    {
        if (model.Config.Pooling is not { } pooling)
        {
            return;
        }

        AtomicFile.Write(Path.Combine(folder, "1_Pooling", "config.json"), stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteNumber("word_embedding_dimension", model.Config.HiddenSize);
            json.WriteBoolean("pooling_mode_cls_token", pooling == Pooling.FirstToken);
            json.WriteBoolean("pooling_mode_mean_tokens", pooling == Pooling.Mean);
            json.WriteBoolean("pooling_mode_lasttoken", pooling == Pooling.LastToken);
            json.WriteEndObject();
        });
    }
}
