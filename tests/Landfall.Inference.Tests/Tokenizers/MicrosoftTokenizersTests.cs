using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.ML.Tokenizers;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// Microsoft.ML.Tokenizers as a second oracle: byte-level BPE on random texts, where the other oracle's texts are fixed. It matches
/// UTF-16 units, so beyond U+FFFF it takes letters for signs and cuts elsewhere than the model's own library.
/// </summary>
public sealed class MicrosoftTokenizersTests
{
    [Theory]
    [InlineData("gpt2", WordSplitter.Gpt2Pattern)]
    [InlineData("tekken", null)]
    public void Encode_RandomTexts_GivesItsIds(string name, string? pattern)
    {
        using var document = JsonDocument.Parse(TokenizerFixtures.Bytes(name));
        pattern ??= document.RootElement.GetProperty("pre_tokenizer").GetProperty("pretokenizers")[0].GetProperty("pattern").GetProperty("Regex").GetString()!;
        var (ours, theirs) = (TokenizerFixtures.Read(name), Theirs(document.RootElement.GetProperty("model"), pattern));
        RandomTexts.Text.Select(text => string.Concat(text.Where(character => !char.IsSurrogate(character)))).Sample(text => Assert.Equal(theirs.EncodeToIds(text), ours.Encode(text)), iter: 1000);
    }

    private static BpeTokenizer Theirs(JsonElement model, string pattern) =>
        BpeTokenizer.Create(new Microsoft.ML.Tokenizers.BpeOptions(model.GetProperty("vocab").EnumerateObject().Select(token => KeyValuePair.Create(token.Name, token.Value.GetInt32())))
        {
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!)],
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(5)), null),
        });
}
