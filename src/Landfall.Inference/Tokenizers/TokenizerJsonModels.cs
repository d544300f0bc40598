using System.Globalization;

namespace Landfall.Inference.Tokenizers;

/// <summary>Reads the model of a tokenizer.json.</summary>
/// <param name="model">The field.</param>
/// <param name="special">Ids of special tokens, which text does not become.</param>
internal sealed class TokenizerJsonModels(JsonField model, HashSet<int> special)
{
    private readonly List<double> _scores = [];

    /// <summary>All tokens of the model with their ids.</summary>
    public Dictionary<string, int> Vocabulary { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the vocabulary and makes the model.</summary>
    public TokenModel Read() => Kind() switch
    {
        "BPE" => Bpe(),
        "Unigram" => Unigram(),
        "WordPiece" => WordPiece(),
        "WordLevel" => new WordLevelModel(Words(), Find(model["unk_token"])),
        var kind => throw model["type"].Refuse($"the model {kind} is not supported: BPE, Unigram, WordPiece and WordLevel are."),
    };

    /// <summary>By byte value: the tokens &lt;0xNN&gt; of a vocabulary, -1 where one is missing.</summary>
    public static int[] ByteTokens(Dictionary<string, int> vocabulary)
    {
        var bytes = new int[256];
        for (var value = 0; value < 256; value++)
        {
            bytes[value] = vocabulary.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), -1);
        }

        return bytes;
    }

    private string Kind()
    {
        if (model["type"].StringOrNull() is { } type)
        {
            return type;
        }

        // Files of before 2021 do not name the kind.
        return !model["merges"].IsNull ? "BPE" : model["vocab"].IsArray ? "Unigram" : "WordPiece";
    }

    private Dictionary<string, int> Words()
    {
        foreach (var (text, id) in model["vocab"].Fields())
        {
            var number = id.Int();
            RequireShort(id, text);
            Vocabulary[text] = number >= 0 ? number : throw id.Refuse("a token's id is negative.");
        }

        return TextTokens();
    }

    private static void RequireShort(JsonField field, string token)
    {
        if (token.Length > TextGrowth.LongestToken)
        {
            throw new ModelFormatException(field.File, $"a token has {token.Length} characters, where {TextGrowth.LongestToken} are the most.");
        }
    }

    /// <summary>The vocabulary without special tokens.</summary>
    private Dictionary<string, int> TextTokens()
    {
        var tokens = new Dictionary<string, int>(Vocabulary.Count, StringComparer.Ordinal);
        foreach (var (text, id) in Vocabulary)
        {
            if (!special.Contains(id))
            {
                tokens.Add(text, id);
            }
        }

        return tokens;
    }

    private int? Find(JsonField token) => token.StringOrNull() is not { } text ? null
        : Vocabulary.TryGetValue(text, out var id) ? id : null;

    private BpeModel Bpe()
    {
        var tokens = Words();
        var prefix = model["continuing_subword_prefix"].String("");
        var merges = new Dictionary<ulong, (int Rank, int Token)>();
        foreach (var merge in model["merges"].Items())
        {
            var (left, right) = Sides(merge);
            var joined = left + (right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right);
            merges.TryAdd(BpeModel.Pair(Require(merge, left), Require(merge, right)), (merges.Count, Require(merge, joined)));
        }

        var unknown = new UnknownText(
            Find(model["unk_token"]), model["fuse_unk"].Bool(false), model["byte_fallback"].Bool(false) ? ByteTokens(Vocabulary) : null);
        return new(tokens, merges, new(unknown, model["ignore_merges"].Bool(false), prefix, model["end_of_word_suffix"].String("")));
    }

    private static (string Left, string Right) Sides(JsonField merge)
    {
        if (merge.IsString)
        {
            var text = merge.String();
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            return space > 0 && space < text.Length - 1 ? (text[..space], text[(space + 1)..])
                : throw merge.Refuse($"'{text}' was found, where two tokens and a space between them are expected.");
        }

        var sides = merge.Items().Select(side => side.String()).ToArray();
        return sides.Length == 2 ? (sides[0], sides[1]) : throw merge.Refuse("a merge is of two tokens.");
    }

    private int Require(JsonField merge, string token) => Vocabulary.TryGetValue(token, out var id) ? id
        : throw merge.Refuse($"the merge needs the token '{token}', which the vocabulary does not have.");

    private UnigramModel Unigram()
    {
        var trie = new CharacterTrie();
        foreach (var entry in model["vocab"].Items())
        {
            var pair = entry.Items().ToArray();
            if (pair.Length != 2)
            {
                throw entry.Refuse("a token with its score is expected.");
            }

            var (text, id) = (pair[0].String(), _scores.Count);
            RequireShort(entry, text);
            _scores.Add(pair[1].Number());
            Vocabulary.TryAdd(text, id);
        }

        var unknown = model["unk_id"].IsNull ? (int?)null : model["unk_id"].Int();
        if (unknown < 0 || unknown >= _scores.Count)
        {
            throw model["unk_id"].Refuse($"the unknown token {unknown} is outside the vocabulary of {_scores.Count} tokens.");
        }

        foreach (var (text, id) in TextTokens())
        {
            if (text.Length > 0 && id != unknown)
            {
                trie.Add(text, id);
            }
        }

        return new(trie, [.. _scores], new(unknown, fuse: true, model["byte_fallback"].Bool(false) ? ByteTokens(Vocabulary) : null));
    }

    private WordPieceModel WordPiece()
    {
        var tokens = Words();
        var prefix = model["continuing_subword_prefix"].String("##");
        var unknown = model["unk_token"].String("[UNK]");
        var (words, continuations) = (new CharacterTrie(), new CharacterTrie());
        foreach (var (text, id) in tokens)
        {
            words.Add(text, id);
            if (text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length)
            {
                continuations.Add(text[prefix.Length..], id);
            }
        }

        return new(
            words,
            continuations,
            Vocabulary.TryGetValue(unknown, out var token) ? token : throw model["unk_token"].Refuse($"the unknown token '{unknown}' is not in the vocabulary."),
            model["max_input_chars_per_word"].Int(100));
    }
}
