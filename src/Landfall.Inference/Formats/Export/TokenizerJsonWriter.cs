using System.Text.Encodings.Web;
using System.Text.Json;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Formats.Export;

/// <summary>Writes a GGUF tokenizer of byte-level or SentencePiece BPE as a <c>tokenizer.json</c>.</summary>
internal sealed class TokenizerJsonWriter
{
    private const string Prefix = GgufTokenizerMetadata.Prefix;
    private const char Mark = '\u2581';

    private readonly GgufMetadata _metadata;
    private readonly Utf8JsonWriter _json;
    private readonly string[] _tokens;
    private readonly long[] _types;

    private TokenizerJsonWriter(GgufMetadata metadata, Utf8JsonWriter json)
    {
        (_metadata, _json) = (metadata, json);
        _tokens = metadata.Find<string[]>($"{Prefix}tokens")!;
        _types = metadata.Find<long[]>($"{Prefix}token_type") ?? [.. Enumerable.Repeat((long)GgufTokenType.Normal, _tokens.Length)];
    }

    public static byte[] Write(GgufMetadata metadata, ITokenizer tokenizer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            new TokenizerJsonWriter(metadata, json).WriteAll(tokenizer);
        }

        return buffer.ToArray();
    }

    private void WriteAll(ITokenizer tokenizer)
    {
        _json.WriteStartObject();
        _json.WriteString("version", "1.0");
        WriteAddedTokens();
        switch (_metadata.Find<string>($"{Prefix}model"))
        {
            case "gpt2":
                WriteByteLevel();
                break;
            case "llama":
                WriteSentencePiece(tokenizer);
                break;
            case var model:
                throw new ModelFormatException(_metadata.File, $"the tokenizer '{model}' is not written as tokenizer.json; take its files from the model's makers.");
        }

        _json.WriteEndObject();
    }

    private void WriteAddedTokens()
    {
        _json.WriteStartArray("added_tokens");
        for (var id = 0; id < _tokens.Length; id++)
        {
            if ((GgufTokenType)_types[id] is not (GgufTokenType.Control or GgufTokenType.Unknown or GgufTokenType.UserDefined))
            {
                continue;
            }

            _json.WriteStartObject();
            _json.WriteNumber("id", id);
            _json.WriteString("content", _tokens[id]);
            foreach (var name in new[] { "single_word", "lstrip", "rstrip", "normalized" })
            {
                _json.WriteBoolean(name, false);
            }

            _json.WriteBoolean("special", (GgufTokenType)_types[id] != GgufTokenType.UserDefined);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }

    private void WriteByteLevel()
    {
        var name = _metadata.Find<string>($"{Prefix}pre") ?? "default";
        var pattern = name switch
        {
            "gpt-2" => WordSplitter.Gpt2Pattern,
            "llama-bpe" or "dbrx" => WordSplitter.Llama3Pattern,
            "qwen2" => WordSplitter.Qwen2Pattern,
            _ => throw new ModelFormatException(_metadata.File, $"the pre-tokenizer '{name}' is not written as tokenizer.json; take the tokenizer's files from the model's makers."),
        };
        _json.WriteNull("normalizer");
        _json.WritePropertyName("pre_tokenizer");
        _json.WriteRawValue(
            $$"""
            {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":{{Quote(pattern)}}},"behavior":"Isolated","invert":false},
            {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]}
            """);
        _json.WriteNull("post_processor");
        _json.WritePropertyName("decoder");
        _json.WriteRawValue("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""");
        _json.WriteStartObject("model");
        _json.WriteString("type", "BPE");
        _json.WriteBoolean("ignore_merges", name == "llama-bpe");
        WriteVocabulary();
        _json.WriteStartArray("merges");
        foreach (var line in _metadata.Find<string[]>($"{Prefix}merges") ?? [])
        {
            _json.WriteStringValue(line);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteSentencePiece(ITokenizer tokenizer)
    {
        var steps = $$"""{"type":"Replace","pattern":{"String":" "},"content":"{{Mark}}"}""";
        var prefixed = _metadata.FindValue<bool>($"{Prefix}add_space_prefix") ?? true;
        _json.WritePropertyName("normalizer");
        _json.WriteRawValue($$"""{"type":"Sequence","normalizers":[{{(prefixed ? $$"""{"type":"Prepend","prepend":"{{Mark}}"},""" : string.Empty)}}{{steps}}]}""");
        _json.WriteNull("pre_tokenizer");
        _json.WriteNull("post_processor");
        _json.WritePropertyName("decoder");
        _json.WriteRawValue(
            $$"""
            {"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"{{Mark}}"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}
            {{(prefixed ? """,{"type":"Strip","content":" ","start":1,"stop":0}""" : string.Empty)}}]}
            """);
        _json.WriteStartObject("model");
        _json.WriteString("type", "BPE");
        _json.WriteString("unk_token", tokenizer.Vocabulary.Text((int)(_metadata.FindValue<long>($"{Prefix}unknown_token_id") ?? 0)));
        _json.WriteBoolean("fuse_unk", true);
        _json.WriteBoolean("byte_fallback", true);
        WriteVocabulary();
        WriteMergesOfScores();
        _json.WriteEndObject();
    }

    private void WriteVocabulary()
    {
        _json.WriteStartObject("vocab");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var id = 0; id < _tokens.Length; id++)
        {
            if (seen.Add(_tokens[id]))
            {
                _json.WriteNumber(_tokens[id], id);
            }
        }

        _json.WriteEndObject();
    }

    /// <summary>Every way to make a token of two others, the highest score first: what a merge by scores does, as ranks.</summary>
    private void WriteMergesOfScores()
    {
        var scores = _metadata.Find<double[]>($"{Prefix}scores") ?? throw new ModelFormatException(_metadata.File, $"the metadata '{Prefix}scores' is missing.");
        var mergeable = new HashSet<string>(StringComparer.Ordinal);
        for (var id = 0; id < _tokens.Length; id++)
        {
            if ((GgufTokenType)_types[id] == GgufTokenType.Normal)
            {
                mergeable.Add(_tokens[id]);
            }
        }

        var lookup = mergeable.GetAlternateLookup<ReadOnlySpan<char>>();
        _json.WriteStartArray("merges");
        foreach (var id in Enumerable.Range(0, _tokens.Length).Where(id => (GgufTokenType)_types[id] == GgufTokenType.Normal).OrderByDescending(id => scores[id]))
        {
            var token = _tokens[id];
            for (var at = 1; at < token.Length; at++)
            {
                if (lookup.Contains(token.AsSpan(0, at)) && lookup.Contains(token.AsSpan(at)))
                {
                    _json.WriteStartArray();
                    _json.WriteStringValue(token.AsSpan(0, at));
                    _json.WriteStringValue(token.AsSpan(at));
                    _json.WriteEndArray();
                }
            }
        }

        _json.WriteEndArray();
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
