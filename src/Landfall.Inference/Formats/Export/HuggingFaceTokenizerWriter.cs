using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Inference.Models;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Formats.Export;

/// <summary>
/// Writes a GGUF file's tokenizer as <c>tokenizer.json</c> and <c>tokenizer_config.json</c>. As on the way there, it is read
/// back and compared.
/// </summary>
internal static class HuggingFaceTokenizerWriter
{
    private const string Prefix = GgufTokenizerMetadata.Prefix;

    public static void Write(ModelFiles model, string folder)
    {
        var metadata = model.Metadata!;
        if (metadata.Find<string>($"{Prefix}model") is null or "none" or "no_vocab")
        {
            return;
        }

        var tokenizer = GgufTokenizer.Read(metadata);
        var json = TokenizerJsonWriter.Write(metadata, tokenizer);
        AtomicFile.Write(Path.Combine(folder, "tokenizer.json"), stream => stream.Write(json));
        AtomicFile.Write(Path.Combine(folder, "tokenizer_config.json"), stream => WriteConfig(stream, metadata, tokenizer));
        WritePooling(model, folder);
        var written = TokenizerJson.ReadFolder(folder);
        var (ours, theirs) = (written.Encode(GgufTokenizerMetadata.Probe, addSpecial: true), tokenizer.Encode(GgufTokenizerMetadata.Probe, addSpecial: true));
        if (!ours.SequenceEqual(theirs))
        {
            throw new ModelFormatException(metadata.File, "its tokenizer does not read texts as the tokenizer.json made of it does; take the tokenizer's files from the model's makers.");
        }
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
