using CsCheck;
using Landfall.Inference.Formats;

namespace Landfall.Inference.Tokenizers;

public sealed class GgufTokenizerTests
{
    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(TokenizerFixtures.Folder, "*.gguf").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_TextsOfAllKinds_GivesLlamaCppsIds(string name)
    {
        var tokenizer = Read(name);
        var wrong = new List<string>();
        foreach (var (text, line) in TokenizerFixtures.Texts.Zip(File.ReadLines(Path.Combine(TokenizerFixtures.Folder, name + ".llama-cpp"))))
        {
            var found = string.Join(' ', tokenizer.Encode(text, addSpecial: true, parseSpecial: true));
            if (found != line && !IsBertsOwnRule(name, text))
            {
                wrong.Add($"{System.Text.Json.JsonEncodedText.Encode(text)}\n  wanted {line}\n  found  {found}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("qwen2")]
    [InlineData("tekken")]
    [InlineData("gpt-4o")]
    [InlineData("default")]
    [InlineData("deepseek")]
    [InlineData("deepseek-v3")]
    [InlineData("starcoder")]
    public void Decode_OfEncodedByteLevel_IsAnyText(string name)
    {
        var tokenizer = Read(name);
        RandomTexts.Text.Sample(text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))), iter: 1000);
    }

    [Theory]
    [InlineData("llama2")]
    [InlineData("gemma")]
    public void Decode_OfEncodedSentencePiece_IsTheTextWithItsMarksAsSpaces(string name)
    {
        var tokenizer = Read(name);
        RandomTexts.Text.Sample(text => Assert.Equal(text.Replace('\u2581', ' '), tokenizer.Decode(tokenizer.Encode(text))), iter: 1000);
    }

    [Fact]
    public void Read_SentencePiece_EqualsTokenizerJson()
    {
        var (gguf, json) = (Read("llama2"), TokenizerFixtures.Read("llama2"));
        RandomTexts.Text.Sample(text => Assert.Equal(json.Encode(text), gguf.Encode(text)), iter: 1000);
    }

    [Fact]
    public void Encode_NamesOfControlTokens_StayTextUnlessWanted()
    {
        var tokenizer = Read("llama3");
        Assert.DoesNotContain(tokenizer.Encode("<|eot_id|>"), tokenizer.Vocabulary.IsSpecial);
        Assert.Single(tokenizer.Encode("<|eot_id|>", parseSpecial: true));
    }

    [Theory]
    [InlineData("tokenizer.ggml.model", "rwkv", "rwkv")]
    [InlineData("tokenizer.ggml.model", null, "tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.tokens", null, "tokenizer.ggml.tokens")]
    [InlineData("tokenizer.ggml.tokens", 1.5, "tokenizer.ggml.tokens")]
    [InlineData("tokenizer.ggml.merges", null, "merges")]
    [InlineData("tokenizer.ggml.pre", "unheard-of", "unheard-of")]
    [InlineData("tokenizer.ggml.bos_token_id", 1_000_000L, "1000000")]
    public void Read_KeyMissingOrWrong_IsRefusedByName(string key, object? value, string named)
    {
        using var file = GgufFile.Open(Path.Combine(TokenizerFixtures.Folder, "llama3.gguf"));
        var values = new Dictionary<string, object>(file.Metadata.Values, StringComparer.Ordinal);
        values.Remove(key);
        if (value is not null)
        {
            values[key] = value;
        }

        Assert.Contains(named, Assert.Throws<ModelFormatException>(() => GgufTokenizer.Read(new("model.gguf", values))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FewerTypesThanTokens_IsRefused()
    {
        using var file = GgufFile.Open(Path.Combine(TokenizerFixtures.Folder, "llama2.gguf"));
        foreach (var (key, value) in new (string, object)[] { ("token_type", new long[3]), ("scores", new double[3]) })
        {
            var values = new Dictionary<string, object>(file.Metadata.Values, StringComparer.Ordinal) { ["tokenizer.ggml." + key] = value };
            Assert.Throws<ModelFormatException>(() => GgufTokenizer.Read(new("model.gguf", values)));
        }
    }

    /// <summary>Where llama.cpp departs from BERT: vertical tabs are control characters, and words of over 100 characters unknown.</summary>
    private static bool IsBertsOwnRule(string name, string text) => name == "bert" && (text.Contains('\v') || text.Length > 100);

    private static ITokenizer Read(string name)
    {
        using var file = GgufFile.Open(Path.Combine(TokenizerFixtures.Folder, name + ".gguf"));
        return GgufTokenizer.Read(file.Metadata);
    }
}
