using Landfall.Inference.Formats;

namespace Landfall.Inference.Tokenizers;

/// <summary>
/// Makes the tokenizer that a GGUF file's metadata describes: <c>gpt2</c> (byte-level BPE), <c>llama</c> (SentencePiece
/// BPE by scores), <c>bert</c> (WordPiece) and <c>t5</c> (SentencePiece unigram).
/// </summary>
public static class GgufTokenizer
{
    private const string Prefix = "tokenizer.ggml.";

    /// <summary>Makes the tokenizer.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <exception cref="ModelFormatException">A key is missing, contradicts another, or names what is not supported.</exception>
    public static ITokenizer Read(GgufMetadata metadata) => metadata.Find<string>(Prefix + "model") switch
    {
        "gpt2" => ByteLevel(new(metadata)),
        "llama" => SentencePiece(new(metadata)),
        "bert" => WordPiece(new(metadata)),
        "t5" => Unigram(new(metadata)),
        null => throw new ModelFormatException(metadata.File, $"the metadata has no '{Prefix}model': the file carries no tokenizer."),
        var model => throw new ModelFormatException(metadata.File, $"the tokenizer '{model}' ({Prefix}model) is not supported: gpt2, llama, bert and t5 are."),
    };

    private static PipelineTokenizer ByteLevel(GgufVocabulary tokens)
    {
        var name = tokens.Metadata.Find<string>(Prefix + "pre") ?? "default";
        var split = GgufSplits.Find(name)
            ?? throw new ModelFormatException(tokens.Metadata.File, $"the pre-tokenizer '{name}' ({Prefix}pre) is not supported: gpt-2, default, llama-bpe, qwen2, tekken, gpt-4o, smollm, starcoder, deepseek-coder and deepseek-v3 are, with their kin.");
        var vocabulary = tokens.Where(type => type is GgufTokenType.Normal or GgufTokenType.Unused);
        var decoding = TokenDecoding.ByteLevel();
        return new(new()
        {
            AddedTokens = tokens.Added(),
            PreTokenizer = split.PreTokenizer,
            Model = new BpeModel(vocabulary, Merges(tokens, vocabulary), new(new UnknownText(null, fuse: false, null), split.IgnoreMerges)),
            Vocabulary = tokens.Build(decoding),
            Before = tokens.Begin(null, split.AddBegin),
            After = tokens.End(null, false),
            BeginToken = tokens.Id("bos_token_id", null),
            EndToken = tokens.Id("eos_token_id", null),
        });
    }

    private static Dictionary<ulong, (int Rank, int Token)> Merges(GgufVocabulary tokens, Dictionary<string, int> vocabulary)
    {
        var lines = tokens.Metadata.Find<string[]>(Prefix + "merges")
            ?? throw new ModelFormatException(tokens.Metadata.File, $"the tokenizer gpt2 needs '{Prefix}merges', which is missing.");
        var lookup = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new Dictionary<ulong, (int Rank, int Token)>(lines.Length);
        for (var rank = 0; rank < lines.Length; rank++)
        {
            var line = lines[rank];
            var space = line.Length > 1 ? line.IndexOf(' ', 1) : -1;
            if (space < 0)
            {
                throw new ModelFormatException(tokens.Metadata.File, $"'{Prefix}merges'[{rank}] is '{line}', where two tokens and a space between them are expected.");
            }

            // A merge of tokens that the vocabulary lacks can never happen.
            if (lookup.TryGetValue(line.AsSpan(0, space), out var left) && lookup.TryGetValue(line.AsSpan(space + 1), out var right)
                && vocabulary.TryGetValue(line.Remove(space, 1), out var joined))
            {
                merges.TryAdd(BpeModel.Pair(left, right), (rank, joined));
            }
        }

        return merges;
    }

    private static PipelineTokenizer SentencePiece(GgufVocabulary tokens)
    {
        var prefix = tokens.Metadata.FindValue<bool>(Prefix + "add_space_prefix") ?? true;
        var unknown = new UnknownText(tokens.Id("unknown_token_id", 0), fuse: false, tokens.ByteTokens());
        var decoding = TokenDecoding.SentencePiece(prefix);
        return new(new()
        {
            AddedTokens = tokens.Added(),
            Normalizer = text => (prefix ? "\u2581" : "") + text.Replace(' ', '\u2581'),
            Model = new ScoredMergeModel(tokens.Where(type => type is GgufTokenType.Normal or GgufTokenType.UserDefined), tokens.Scores(), unknown),
            Vocabulary = tokens.Build(decoding),
            LeadingSpaces = decoding.LeadingSpaces,
            Before = tokens.Begin(1, true),
            After = tokens.End(2, false),
            BeginToken = tokens.Id("bos_token_id", 1),
            EndToken = tokens.Id("eos_token_id", 2),
        });
    }

    private static PipelineTokenizer WordPiece(GgufVocabulary tokens)
    {
        var (words, continuations) = (new CharacterTrie(), new CharacterTrie());
        foreach (var (text, id) in tokens.Where(type => type is GgufTokenType.Normal or GgufTokenType.UserDefined))
        {
            (text.StartsWith('\u2581') ? words : continuations).Add(text.TrimStart('\u2581'), id);
        }

        var begin = tokens.Id("cls_token_id", tokens.Id("bos_token_id", 101));
        var end = tokens.Id("seperator_token_id", tokens.Id("eos_token_id", 102));
        var decoding = TokenDecoding.PhantomSpace();
        return new(new()
        {
            AddedTokens = tokens.Added(),
            Normalizer = TextNormalizers.Bert(cleanText: true, chinese: true, stripAccents: true, lowercase: true),
            PreTokenizer = PreTokenizers.Bert,
            Model = new WordPieceModel(words, continuations, tokens.Id("unknown_token_id", 100) ?? 0, 100),
            Vocabulary = tokens.Build(decoding),
            LeadingSpaces = decoding.LeadingSpaces,
            Before = begin is { } first ? [first] : [],
            After = end is { } last ? [last] : [],
            BeginToken = begin,
            EndToken = end,
        });
    }

    private static PipelineTokenizer Unigram(GgufVocabulary tokens)
    {
        var trie = new CharacterTrie();
        foreach (var (text, id) in tokens.Where(type => type is GgufTokenType.Normal or GgufTokenType.UserDefined))
        {
            trie.Add(text, id);
        }

        var prefix = tokens.Metadata.FindValue<bool>(Prefix + "add_space_prefix") ?? true;
        var bytes = tokens.ByteTokens();
        var decoding = TokenDecoding.SentencePiece(prefix);
        return new(new()
        {
            AddedTokens = tokens.Added(),
            Normalizer = TextNormalizers.Sequence(UnigramNormalizers(tokens.Metadata, prefix)),
            Model = new UnigramModel(trie, tokens.Scores(), new(tokens.Id("unknown_token_id", 2), fuse: true, bytes.Contains(-1) ? null : bytes)),
            Vocabulary = tokens.Build(decoding),
            LeadingSpaces = decoding.LeadingSpaces,
            Before = tokens.Begin(null, false),
            After = tokens.End(1, true),
            BeginToken = tokens.Id("bos_token_id", null),
            EndToken = tokens.Id("eos_token_id", 1),
        });
    }

    private static List<TextNormalizer> UnigramNormalizers(GgufMetadata metadata, bool prefix)
    {
        var steps = new List<TextNormalizer>();
        if (metadata.Find<long[]>(Prefix + "precompiled_charsmap") is { Length: > 0 } map)
        {
            try
            {
                steps.Add(CharacterMap.Read(Array.ConvertAll(map, value => (byte)value)).Normalize);
            }
            catch (FormatException exception)
            {
                throw new ModelFormatException(metadata.File, $"'{Prefix}precompiled_charsmap' is damaged: {exception.Message}.", exception);
            }
        }

        if (metadata.FindValue<bool>(Prefix + "remove_extra_whitespaces") ?? false)
        {
            steps.Add(text => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        steps.Add(text => (prefix && text.AsSpan().ContainsAnyExcept(' ') ? "\u2581" : "") + text.Replace(' ', '\u2581'));
        return steps;
    }
}
