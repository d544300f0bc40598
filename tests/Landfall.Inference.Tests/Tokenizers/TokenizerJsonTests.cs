namespace Landfall.Inference.Tokenizers;

public sealed class TokenizerJsonTests
{
    public static TheoryData<string> Names => [.. TokenizerFixtures.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_TextsOfAllKinds_GivesHuggingFacesIds(string name)
    {
        var tokenizer = TokenizerFixtures.Read(name);
        var wrong = new List<string>();
        foreach (var (text, ids, _) in TokenizerFixtures.Expected(name).Where(expected => expected.Text.Length > 0))
        {
            var found = tokenizer.Encode(text, addSpecial: true, parseSpecial: true);
            if (!found.AsSpan().SequenceEqual(ids))
            {
                wrong.Add($"{System.Text.Json.JsonEncodedText.Encode(text)}\n  wanted {string.Join(' ', ids)}\n  found  {string.Join(' ', found)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_IdsOfTextsOfAllKinds_GivesHuggingFacesText(string name)
    {
        var tokenizer = TokenizerFixtures.Read(name);
        var wrong = new List<string>();
        foreach (var (text, ids, decoded) in TokenizerFixtures.Expected(name))
        {
            var found = tokenizer.Decode(ids);
            if (found != decoded)
            {
                wrong.Add($"{System.Text.Json.JsonEncodedText.Encode(text)}\n  wanted {System.Text.Json.JsonEncodedText.Encode(decoded)}\n  found  {System.Text.Json.JsonEncodedText.Encode(found)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
