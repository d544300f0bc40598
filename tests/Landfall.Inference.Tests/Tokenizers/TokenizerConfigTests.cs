using System.Text;

namespace Landfall.Inference.Tokenizers;

public sealed class TokenizerConfigTests
{
    [Fact]
    public void Read_TokensAsTextOrObject_GivesTheirContent()
    {
        var config = Read("""{"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>", "add_bos_token": true, "chat_template": "{{ messages }}"}""");
        Assert.Equal(("<s>", "</s>", true, null), (config.BeginToken, config.EndToken, config.AddBeginToken, config.AddEndToken));
        Assert.Equal("{{ messages }}", config.ChatTemplates["default"]);
    }

    [Fact]
    public void Read_NamedTemplates_GivesThemByName()
    {
        var config = Read("""{"chat_template": [{"name": "default", "template": "a"}, {"name": "tool_use", "template": "b"}]}""");
        Assert.Equal(("a", "b"), (config.ChatTemplates["default"], config.ChatTemplates["tool_use"]));
    }

    [Theory]
    [InlineData("""{"bos_token": 1}""")]
    [InlineData("""{"chat_template": [1]}""")]
    [InlineData("""{"chat_template": [{"name": "x"}]}""")]
    [InlineData("""{"add_bos_token": "yes"}""")]
    [InlineData("""{"bos_token": "\ud800"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Read_Nonsense_IsRefused(string json) => Assert.Throws<ModelFormatException>(() => Read(json));

    [Fact]
    public void Encode_ConfigurationAsksForTokensAround_AddsAndOmitsThem()
    {
        var both = TokenizerFixtures.Read("unigram", new() { BeginToken = "<s>", EndToken = "</s>", AddBeginToken = true, AddEndToken = false });
        Assert.Equal((1, 2), (both.BeginToken, both.EndToken));
        Assert.Equal([1, .. both.Encode("a")], both.Encode("a", addSpecial: true));
    }

    [Fact]
    public void ReadFolder_TemplateInAFileOfItsOwn_ComesBeforeTheConfigurations()
    {
        var folder = Directory.CreateTempSubdirectory("tokenizer");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "tokenizer_config.json"), """{"eos_token": "</s>", "chat_template": "old"}""");
            File.WriteAllText(Path.Combine(folder.FullName, "chat_template.jinja"), "new");
            File.WriteAllBytes(Path.Combine(folder.FullName, "tokenizer.json"), TokenizerFixtures.Bytes("llama2"));
            var config = TokenizerConfig.ReadFolder(folder.FullName);
            Assert.Equal(("</s>", "new"), (config.EndToken, config.ChatTemplates["default"]));
            var tokenizer = TokenizerJson.ReadFolder(folder.FullName);
            Assert.Equal(2, tokenizer.EndToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TokenizerConfig Read(string json) => TokenizerConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)), "tokenizer_config.json");
}
