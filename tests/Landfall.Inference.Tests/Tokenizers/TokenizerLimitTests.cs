using System.Globalization;
using System.Text;

namespace Landfall.Inference.Tokenizers;

public sealed class TokenizerLimitTests
{
    private const string Doubling = """{"type":"Replace","pattern":{"String":"a"},"content":"aa"}""";
    private const string Widening = """{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}""";

    /// <summary>Bytes of a precompiled map from "a" to 60,000 letters: two of the trie's units lead there.</summary>
    private static readonly string Map = CharacterMap();

    public static TheoryData<string> Growing =>
    [
        $$"""{{{Sequence("normalizer", "normalizers", Doubling, 40)}},{{Words}}}""",
        $$"""{{{Sequence("normalizer", "normalizers", """{"type":"Replace","pattern":{"Regex":"a"},"content":"aa"}""", 40)}},{{Words}}}""",
        $$"""{{{Sequence("normalizer", "normalizers", """{"type":"Sequence","normalizers":[""" + string.Join(',', Enumerable.Repeat(Doubling, 5)) + "]}", 8)}},{{Words}}}""",
        $$"""{{{Sequence("pre_tokenizer", "pretokenizers", Widening, 40)}},{{Words}}}""",
        $$"""{"normalizer":{"type":"Replace","pattern":{"String":"a"},"content":"{{new string('b', 100_000)}}"},{{Words}}}""",
        $$"""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"{{Map}}"},{{Words}}}""",
    ];

    private static string Words => """ "model":{"type":"WordLevel","unk_token":"a","vocab":{"a":0,"b":1}} """;

    [Theory]
    [MemberData(nameof(Growing))]
    public void Encode_StepsThatMultiplyTheText_AreStopped(string json)
    {
        var tokenizer = TokenizerFixtures.Parse(json);
        Soon(() => Assert.Throws<InferenceException>(() => tokenizer.Encode(new string('a', 10_000) + new string('\u00e9', 10_000))));
    }

    [Fact]
    public void Read_DecoderThatMultipliesTokens_IsRefused() => Soon(() =>
        Assert.Throws<ModelFormatException>(() => TokenizerFixtures.Parse($$"""{{{Sequence("decoder", "decoders", Doubling, 40)}},{{Words}}}""")));

    [Theory]
    [InlineData("normalizer", "normalizers", """{"type":"Lowercase"}""")]
    [InlineData("pre_tokenizer", "pretokenizers", """{"type":"Whitespace"}""")]
    [InlineData("decoder", "decoders", """{"type":"ByteFallback"}""")]
    public void Read_HundredsOfSteps_AreRefused(string name, string list, string step) =>
        Assert.Throws<ModelFormatException>(() => TokenizerFixtures.Parse($$"""{{{Sequence(name, list, step, 300)}},{{Words}}}"""));

    [Theory]
    [InlineData(2_000, 1)]
    [InlineData(200, 2_000)]
    public void Read_PostProcessorThatMultipliesTokens_IsRefused(int ids, int items)
    {
        var single = string.Join(',', Enumerable.Repeat("""{"SpecialToken":{"id":"A"}}""", items));
        var json = $$"""{"post_processor":{"type":"TemplateProcessing","single":[{{single}}],"special_tokens":{"A":{"ids":[{{string.Join(',', Enumerable.Repeat('0', ids))}}] } } },{{Words}}}""";
        Assert.Throws<ModelFormatException>(() => TokenizerFixtures.Parse(json));
    }

    [Theory]
    [InlineData("""{"added_tokens":[{"id":2,"content":"TOKEN"}],"model":{"type":"WordLevel","unk_token":"a","vocab":{"a":0,"b":1}}}""")]
    [InlineData("""{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",0],["TOKEN",1]]}}""")]
    [InlineData("""{"model":{"type":"WordPiece","unk_token":"a","max_input_chars_per_word":2147483647,"vocab":{"a":0,"TOKEN":1}}}""")]
    public void Read_TokenOfAHundredThousandCharacters_IsRefused(string json) =>
        Assert.Throws<ModelFormatException>(() => TokenizerFixtures.Parse(json.Replace("TOKEN", new string('a', 100_000), StringComparison.Ordinal)));

    [Fact]
    public void Read_GgufTokenOfAHundredThousandCharacters_IsRefused()
    {
        var metadata = new Dictionary<string, object>(StringComparer.Ordinal) { ["tokenizer.ggml.model"] = "llama", ["tokenizer.ggml.tokens"] = new[] { "a", new string('a', 100_000) }, ["tokenizer.ggml.scores"] = new[] { 0.0, 1 } };
        Assert.Throws<ModelFormatException>(() => GgufTokenizer.Read(new("model.gguf", metadata)));
    }

    [Fact]
    public void Encode_PatternThatIsSlowAtEachPlace_IsStopped()
    {
        // Each run of a's takes some hundredths of a second, far from the limit of a single match.
        var tokenizer = TokenizerFixtures.Parse($$"""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(?:a|aa)+x|b"},"behavior":"Isolated"},{{Words}}}""");
        var text = string.Concat(Enumerable.Repeat(new string('a', 22) + "b", 5_000));
        var start = TimeProvider.System.GetTimestamp();
        Assert.Throws<InferenceException>(() => tokenizer.Encode(text));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("chat_template.jinja")]
    public void ReadFolder_UnreadableFile_IsATypedException(string name)
    {
        using var folder = new Formats.TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "tokenizer.json"), "{" + Words + "}");
        Assert.Equal(2, TokenizerJson.ReadFolder(folder.Path).Vocabulary.Count);
        using var locked = new FileStream(Path.Combine(folder.Path, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Assert.Throws<ModelFormatException>(() => TokenizerJson.ReadFolder(folder.Path));
    }

    private static void Soon(Action action)
    {
        var start = TimeProvider.System.GetTimestamp();
        action();
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    private static string Sequence(string name, string list, string step, int count) =>
        string.Create(CultureInfo.InvariantCulture, $$""" "{{name}}":{"type":"Sequence","{{list}}":[{{string.Join(',', Enumerable.Repeat(step, count))}}]} """);

    private static string CharacterMap()
    {
        // The root's children are at 0 xor the byte; the leaf's value is at the child's own place xor its offset.
        var units = new uint[256];
        units['a'] = ('a') | (1u << 8) | (1u << 10);
        units['a' ^ 1] = 0x80000000;
        var bytes = new List<byte>(BitConverter.GetBytes(4 * units.Length));
        bytes.AddRange(units.SelectMany(BitConverter.GetBytes));
        bytes.AddRange(Encoding.ASCII.GetBytes(new string('b', 60_000)));
        return Convert.ToBase64String([.. bytes]);
    }
}
