namespace Landfall.Inference.Tokenizers;

/// <summary>Makes the table of tokens by id.</summary>
internal static class VocabularyBuilder
{
    /// <summary>Ids may be sparse, but not so that the table would be many times larger than what is in it.</summary>
    private const int SpareIds = 4096;
    private const int MostBytes = 64 << 20;

    /// <summary>The tokens of a model and the added ones; ids that neither has are special and empty.</summary>
    /// <exception cref="ModelFormatException">An id is far beyond the number of tokens.</exception>
    public static TokenVocabulary Build(string file, IReadOnlyDictionary<string, int> model, IReadOnlyList<AddedToken> added, TokenDecoding decoding)
    {
        var most = ((long)(model.Count + added.Count) * 4) + SpareIds;
        var last = Math.Max(model.Count == 0 ? -1 : model.Values.Max(), added.Count == 0 ? -1 : added.Max(token => token.Id));
        if (last >= most)
        {
            throw new ModelFormatException(file, $"the token id {last} is far beyond the {model.Count + added.Count} tokens that the vocabulary has.");
        }

        var (bytes, special, texts) = (new byte[last + 1][], new bool[last + 1], new string[last + 1]);
        Array.Fill(bytes, []);
        Array.Fill(special, true);
        Array.Fill(texts, "");
        var size = 0L;
        foreach (var (text, id) in model)
        {
            (bytes[id], special[id], texts[id]) = (decoding.Bytes(text, added: false), false, text);
            size += bytes[id].Length;
            if (size > MostBytes)
            {
                throw new ModelFormatException(file, $"its tokens stand for more than {MostBytes} bytes.");
            }
        }

        foreach (var token in added)
        {
            (bytes[token.Id], special[token.Id], texts[token.Id]) = (token.Special ? [] : decoding.Bytes(token.Content, added: true), token.Special, token.Content);
        }

        return new(bytes, special, texts);
    }
}
