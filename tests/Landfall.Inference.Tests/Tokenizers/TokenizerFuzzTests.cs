using System.Text;
using Landfall.Inference.Formats;

namespace Landfall.Inference.Tokenizers;

public sealed class TokenizerFuzzTests
{
    private const string Sample = "Hello  world's 123 <s> \u4e2d\u6587 \U0001f600\n\tcaf\u00e9 </s>";

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "0", "1e999", "9223372036854775807", "2147483647", "1000000", "\"\\ud800\"", "\"\"", "[[[[[[", "{}", "[]", "1.5",
        "\"Sequence\"", "\"type\"", "\"Split\"", "{\"Regex\":\"(a+)+$\"}", "{\"Regex\":\"[\"}", "{\"Regex\":\"(?=.*)(\\\\s*)*x\"}", "{\"String\":\"\"}", "\"ByteLevel\"", "\"Metaspace\"", "\"\u2581\"",
        "\"Precompiled\"", "\"AAAA\"", "\"BPE\"", "\"Unigram\"", "\"WordPiece\"", "\"WordLevel\"", "\"a b\"", "[\"a\",\"b\"]", "\"<0x41>\"", "\"Removed\"", "\"Contiguous\"",
    ];

    private static readonly string[] Seeds =
    [
        """{"added_tokens":[{"id":8,"content":"<s>","special":true,"lstrip":true},{"id":9,"content":"x y","special":false,"normalized":true,"single_word":true,"rstrip":true}],"normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"Regex":" +"},"content":" "}]},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\p{L}+|\\s+(?!\\S)"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}]},"post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"<s>":{"id":"<s>","ids":[8],"tokens":["<s>"]}}},"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","unk_token":null,"fuse_unk":true,"ignore_merges":true,"vocab":{"H":0,"e":1,"l":2,"o":3,"He":4,"ll":5,"Hell":6,"Hello":7},"merges":["H e","l l",["He","ll"],"Hell o"]}}""",
        """{"added_tokens":[{"id":0,"content":"<unk>","special":true}],"normalizer":{"type":"Prepend","prepend":"▁"},"pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true},"post_processor":null,"decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},"model":{"type":"BPE","unk_token":"<unk>","byte_fallback":true,"vocab":{"<unk>":0,"<0x41>":1,"▁":2,"a":3,"▁a":4},"merges":["▁ a"]}}""",
        """{"added_tokens":[],"normalizer":{"type":"Precompiled","precompiled_charsmap":"CAAAAAAEAAABAAAAYQBi"},"pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",0]},"decoder":{"type":"Metaspace","replacement":"▁","add_prefix_space":true},"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["</s>",0.0],["▁",-2.5],["a",-3],["▁ab",-1e3]],"byte_fallback":false}}""",
        """{"added_tokens":[{"id":0,"content":"[UNK]","special":true}],"normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"BertProcessing","sep":["a",1],"cls":["b",2]}]},"decoder":{"type":"WordPiece","prefix":"##","cleanup":true},"model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[UNK]":0,"a":1,"##b":2,"hello":3}}}""",
        """{"added_tokens":[],"normalizer":{"type":"Strip","strip_left":true,"strip_right":true},"pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},{"type":"Punctuation","behavior":"Contiguous"},{"type":"Whitespace"}]},"decoder":null,"model":{"type":"WordLevel","unk_token":"a","vocab":{"a":0,"hello":1}}}""",
        """{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"decoder":{"\ud800":true}}""",
    ];

    [Fact]
    public void Read_DamagedTokenizerJson_GivesTypedExceptions() => TextMutator.Fuzz(Seeds, Fragments, 8_000_000, json => Use(TokenizerFixtures.Parse(json)));

    [Fact]
    public void Read_DamagedTokenizerConfig_GivesTypedExceptions() => TextMutator.Fuzz(
        ["""{"bos_token":{"content":"<s>"},"eos_token":"</s>","add_bos_token":true,"add_eos_token":null,"chat_template":[{"name":"default","template":"{{ x }}"}]}""", """{"chat_template":"{{ x }}"}""", """{"\ud801":1,"chat_template":"{{ x }}"}"""],
        Fragments,
        2_000_000,
        json => TokenizerConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)), "tokenizer_config.json"));

    [Fact]
    public void Read_DamagedGgufMetadata_GivesTypedExceptions()
    {
        // A letter stands for a key and what becomes of it.
        TextMutator.Fuzz(
            [.. new[] { "gpt2", "llama", "bert", "t5" }],
            ["a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8", "i9"],
            8_000_000,
            script =>
            {
                var kind = new[] { "gpt2", "llama", "bert", "t5" }.FirstOrDefault(kind => script.StartsWith(kind[..2], StringComparison.Ordinal)) ?? "llama";
                Use(GgufTokenizer.Read(new("model.gguf", Damage(Metadata(kind), script))));
            });
    }

    private static Dictionary<string, object> Metadata(string kind) => new(StringComparer.Ordinal)
    {
        ["tokenizer.ggml.model"] = kind,
        ["tokenizer.ggml.pre"] = "llama-bpe",
        ["tokenizer.ggml.tokens"] = new[] { "<unk>", "<s>", "</s>", "<0x41>", "\u2581", "a", "\u2581a", "H", "e", "He", "x y" },
        ["tokenizer.ggml.scores"] = new[] { 0.0, 0, 0, 0, -1, -2, -0.5, -3, -4, double.NaN, 0 },
        ["tokenizer.ggml.token_type"] = new long[] { 2, 3, 3, 6, 1, 1, 1, 1, 1, 1, 4 },
        ["tokenizer.ggml.merges"] = new[] { "H e", "\u2581 a", "no such" },
        ["tokenizer.ggml.bos_token_id"] = 1L,
        ["tokenizer.ggml.eos_token_id"] = 2L,
        ["tokenizer.ggml.unknown_token_id"] = 0L,
        ["tokenizer.ggml.add_space_prefix"] = true,
        ["tokenizer.ggml.precompiled_charsmap"] = new long[] { 4, 0, 0, 0, 1, 2, 3, 4, 97, 0 },
    };

    private static Dictionary<string, object> Damage(Dictionary<string, object> metadata, string script)
    {
        object[] values = [-1L, 1L << 40, "x", "", true, 1.5, Array.Empty<string>(), new[] { "", "", "a" }, new long[] { 9, -9, 1L << 50 }, new[] { double.NaN }, new[] { true }, "default", "t5"];
        var keys = metadata.Keys.ToArray();
        for (var i = 4; i + 1 < script.Length; i += 2)
        {
            var key = keys[script[i] % keys.Length];
            if (script[i + 1] % (values.Length + 1) == values.Length)
            {
                metadata.Remove(key);
            }
            else
            {
                metadata[key] = values[script[i + 1] % (values.Length + 1)];
            }
        }

        return metadata;
    }

    private static void Use(ITokenizer tokenizer)
    {
        var tokens = tokenizer.Encode(Sample, addSpecial: true, parseSpecial: true);
        Assert.All(tokens, token => Assert.InRange(token, 0, tokenizer.Vocabulary.Count - 1));
        _ = tokenizer.Decode(tokens, withSpecial: true);
    }
}
