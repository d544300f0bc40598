namespace Landfall.Inference.Tokenizers;

/// <summary>A token that is cut out of a text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">What stands in the text.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it is a mark and not text.</summary>
    public bool Special { get; init; }

    /// <summary>Whether it is looked for in the normalised text rather than in the text as given.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether it takes the white space before it.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Whether it takes the white space after it.</summary>
    public bool StripRight { get; init; }

    /// <summary>Whether it counts only where no word goes on before or after it.</summary>
    public bool SingleWord { get; init; }
}

/// <summary>Finds added tokens in a text: the leftmost, and of those the longest.</summary>
internal sealed class AddedTokenFinder
{
    private const int MostCharacters = 8_000_000;
    private readonly CharacterTrie _trie = new();
    private readonly AddedToken[] _tokens;

    /// <param name="tokens">The tokens.</param>
    /// <param name="normalizer">What their contents go through first, for those that are looked for in normalised text.</param>
    public AddedTokenFinder(IEnumerable<AddedToken> tokens, TextNormalizer? normalizer)
    {
        _tokens = [.. tokens];
        var characters = 0L;
        for (var i = 0; i < _tokens.Length; i++)
        {
            var content = normalizer is null ? _tokens[i].Content : normalizer(_tokens[i].Content);
            characters += content.Length;
            if (content.Length > TextGrowth.LongestToken || characters > MostCharacters)
            {
                throw new InferenceException($"The tokenizer's added tokens are longer than {TextGrowth.LongestToken} characters each, or {MostCharacters} together.");
            }

            if (content.Length > 0)
            {
                _trie.Add(content, i);
            }
        }
    }

    /// <summary>Cuts a text: stretches without a token, and tokens.</summary>
    public void Split(string text, bool parseSpecial, List<TextSegment> segments)
    {
        var from = 0;
        for (var at = 0; _tokens.Length > 0 && at < text.Length;)
        {
            var (length, index) = _trie.Longest(text.AsSpan(at));
            if (index < 0)
            {
                at++;
                continue;
            }

            var (token, start, end) = (_tokens[index], at, at + length);
            at = end;
            if ((token.Special && !parseSpecial) || (token.SingleWord && !StandsAlone(text, start, end)))
            {
                continue;
            }

            while (token.StripLeft && start > from && CharacterClass.IsSpace(text[start - 1]))
            {
                start--;
            }

            while (token.StripRight && end < text.Length && CharacterClass.IsSpace(text[end]))
            {
                end++;
            }

            Add(segments, text, from, start);
            segments.Add(new(token.Content, token.Id, from == 0 && start == 0));
            at = from = end;
        }

        Add(segments, text, from, text.Length);
    }

    private static void Add(List<TextSegment> segments, string text, int from, int to)
    {
        if (to > from)
        {
            segments.Add(new(from == 0 && to == text.Length ? text : text[from..to], null, from == 0));
        }
    }

    private static bool StandsAlone(string text, int start, int end) => !IsWordAt(text, start - 1) && !IsWordAt(text, end);

    private static bool IsWordAt(string text, int at)
    {
        if (at < 0 || at >= text.Length)
        {
            return false;
        }

        at -= char.IsLowSurrogate(text[at]) && at > 0 ? 1 : 0;
        return System.Text.Rune.TryGetRuneAt(text, at, out var rune) && CharacterClass.IsWord(rune);
    }
}

/// <summary>A stretch of a text, or an added token in it.</summary>
/// <param name="Text">The stretch.</param>
/// <param name="Token">The token's id, for a token.</param>
/// <param name="AtBeginning">Whether it is the text's beginning.</param>
internal readonly record struct TextSegment(string Text, int? Token, bool AtBeginning);
