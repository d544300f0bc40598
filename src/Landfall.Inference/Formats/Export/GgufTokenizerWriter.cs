using System.Globalization;
using Landfall.Inference.Models;
using Landfall.Inference.Tokenizers;

namespace Landfall.Inference.Formats.Export;

/// <summary>Turns a tokenizer.json's vocabulary into GGUF's: byte-level BPE, SentencePiece BPE, and BERT's WordPiece.</summary>
internal sealed class GgufTokenizerWriter(JsonField root, ITokenizer tokenizer, ModelConfig config)
{
    private const string Prefix = GgufTokenizerMetadata.Prefix;

    /// <summary>Pre-tokenizers, the likely one by the pattern first; the first that reads as the folder's tokenizer does is taken.</summary>
    private static readonly string[] Splits = ["llama-bpe", "dbrx", "qwen2", "gpt-2", "smollm", "tekken", "gpt-4o", "deepseek-v3", "deepseek-coder", "default"];

    private readonly string[] _tokens = new string[config.VocabularySize];
    private readonly long[] _types = new long[config.VocabularySize];

    public List<GgufEntry> Write()
    {
        var model = root["model"];
        var merges = model["merges"].IsNull ? null : model["merges"].Items().Select(Sides).ToList();
        Fill(model);
        var kind = (model["type"].StringOrNull(), merges) switch
        {
            ("BPE" or null, not null) when IsByteLevel() => "gpt2",
            ("BPE" or null, not null) => "llama",
            ("WordPiece", _) => "bert",
            var (type, _) => throw model.Refuse($"a tokenizer of the model {type} is not written to GGUF; BPE and WordPiece are."),
        };
        return kind switch
        {
            "gpt2" => ByteLevel(merges!),
            "llama" => SentencePiece(merges!),
            _ => WordPiece(),
        };
    }

    private List<GgufEntry> ByteLevel(List<(string Left, string Right)> merges)
    {
        var lines = merges.Select(merge => $"{merge.Left} {merge.Right}").ToArray();
        foreach (var split in Splits.OrderByDescending(IsByPattern))
        {
            List<GgufEntry> entries =
            [
                GgufEntry.Of($"{Prefix}model", "gpt2"), GgufEntry.Of($"{Prefix}pre", split), .. Common(), GgufEntry.Of($"{Prefix}merges", lines),
            ];
            if (ReadsAlike(entries))
            {
                return entries;
            }
        }

        throw root["pre_tokenizer"].Refuse("none of the pre-tokenizers that GGUF names cuts texts as this tokenizer does.");
    }

    private List<GgufEntry> SentencePiece(List<(string Left, string Right)> merges)
    {
        for (var id = 0; id < _tokens.Length; id++)
        {
            if (_types[id] == (long)GgufTokenType.Normal && _tokens[id] is ['<', '0', 'x', _, _, '>'])
            {
                _types[id] = (long)GgufTokenType.Byte;
            }
        }

        List<GgufEntry> entries =
        [
            GgufEntry.Of($"{Prefix}model", "llama"), GgufEntry.Of($"{Prefix}pre", "default"), .. Common(), new($"{Prefix}scores", GgufKind.Float32, Scores(merges)),
        ];
        foreach (var prefixed in new[] { true, false })
        {
            List<GgufEntry> tried = [.. entries, GgufEntry.Of($"{Prefix}add_space_prefix", prefixed)];
            if (ReadsAlike(tried))
            {
                return tried;
            }
        }

        throw root["model"].Refuse("its merges are not those of a SentencePiece model, whose tokens have one rank each; GGUF cannot say them.");
    }

    private List<GgufEntry> WordPiece()
    {
        for (var id = 0; id < _tokens.Length; id++)
        {
            if (_types[id] == (long)GgufTokenType.Normal)
            {
                _tokens[id] = _tokens[id].StartsWith("##", StringComparison.Ordinal) ? _tokens[id][2..] : $"\u2581{_tokens[id]}";
            }
        }

        List<GgufEntry> entries = [GgufEntry.Of($"{Prefix}model", "bert"), GgufEntry.Of($"{Prefix}pre", "jina-v2-en"), .. Common()];
        foreach (var (key, name) in new[] { ("cls_token_id", "[CLS]"), ("seperator_token_id", "[SEP]"), ("mask_token_id", "[MASK]") })
        {
            if (Array.IndexOf(_tokens, name) is >= 0 and var id)
            {
                entries.Add(GgufEntry.Of(Prefix + key, id));
            }
        }

        return ReadsAlike(entries) ? entries : throw root["normalizer"].Refuse("GGUF has only BERT's uncased normalizer, and this tokenizer reads texts in another way.");
    }

    private List<GgufEntry> Common()
    {
        var around = tokenizer.Encode(string.Empty, addSpecial: true);
        List<GgufEntry> entries = [GgufEntry.Of($"{Prefix}tokens", _tokens), GgufEntry.Of($"{Prefix}token_type", _types)];
        AddRole(entries, "bos_token_id", tokenizer.BeginToken);
        AddRole(entries, "eos_token_id", tokenizer.EndToken ?? config.EndTokens.Cast<int?>().FirstOrDefault());
        AddRole(entries, "unknown_token_id", Find(root["model"]["unk_token"].StringOrNull()));
        AddRole(entries, "padding_token_id", Find("<pad>") ?? Find("[PAD]"));
        entries.Add(GgufEntry.Of($"{Prefix}add_bos_token", tokenizer.BeginToken is { } begin && around.FirstOrDefault(-1) == begin));
        entries.Add(GgufEntry.Of($"{Prefix}add_eos_token", tokenizer.EndToken is { } end && around.LastOrDefault(-1) == end));
        return entries;
    }

    private static void AddRole(List<GgufEntry> entries, string key, int? token)
    {
        if (token is { } id)
        {
            entries.Add(GgufEntry.Of(Prefix + key, id));
        }
    }

    private void Fill(JsonField model)
    {
        foreach (var (text, id) in model["vocab"].Fields())
        {
            Place(id, id.Int(), text, GgufTokenType.Normal);
        }

        foreach (var token in root["added_tokens"].Items())
        {
            Place(token["id"], token["id"].Int(), token["content"].String(), token["special"].Bool(false) ? GgufTokenType.Control : GgufTokenType.UserDefined);
        }

        if (Find(model["unk_token"].StringOrNull()) is { } unknown && !IsByteLevel())
        {
            _types[unknown] = (long)GgufTokenType.Unknown;
        }

        for (var id = 0; id < _tokens.Length; id++)
        {
            if (_tokens[id] is null)
            {
                (_tokens[id], _types[id]) = (string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]"), (long)GgufTokenType.Unused);
            }
        }
    }

    private void Place(JsonField at, int id, string text, GgufTokenType type)
    {
        if (id < 0 || id >= _tokens.Length)
        {
            throw at.Refuse($"the token '{text}' has the id {id}, where the model's vocabulary has {_tokens.Length}.");
        }

        (_tokens[id], _types[id]) = (text, (long)type);
    }

    private int? Find(string? text) => text is not null && Array.IndexOf(_tokens, text) is >= 0 and var id ? id : null;

    /// <summary>SentencePiece merges what scores highest; the sooner a token is merged to, the higher its score.</summary>
    private double[] Scores(List<(string Left, string Right)> merges)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (left, right) in merges)
        {
            ranks.TryAdd(left + right, ranks.Count);
        }

        return Array.ConvertAll(_tokens, token => -(double)ranks.GetValueOrDefault(token, ranks.Count));
    }

    private bool IsByteLevel() => root["decoder"].ToString().Contains("\"ByteLevel\"", StringComparison.Ordinal);

    private bool IsByPattern(string split)
    {
        var text = root["pre_tokenizer"].ToString();
        var ignoreMerges = root["model"]["ignore_merges"].Bool(false);
        return split switch
        {
            "llama-bpe" => text.Contains(@"\\p{N}{1,3}|", StringComparison.Ordinal) && ignoreMerges,
            "dbrx" => text.Contains(@"\\p{N}{1,3}|", StringComparison.Ordinal) && !ignoreMerges,
            "qwen2" => text.Contains(@"\\p{N}| ?[^", StringComparison.Ordinal),
            "smollm" => text.Contains("\"Digits\"", StringComparison.Ordinal),
            "gpt-2" => !text.Contains("\"Digits\"", StringComparison.Ordinal) && !text.Contains("\"Split\"", StringComparison.Ordinal),
            _ => false,
        };
    }

    private bool ReadsAlike(List<GgufEntry> entries)
    {
        var metadata = new GgufMetadata(root.File, entries.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal));
        var written = GgufTokenizer.Read(metadata);
        return written.Encode(GgufTokenizerMetadata.Probe, addSpecial: true).SequenceEqual(tokenizer.Encode(GgufTokenizerMetadata.Probe, addSpecial: true));
    }

    private static (string Left, string Right) Sides(JsonField merge)
    {
        if (!merge.IsString)
        {
            return merge.Items().Select(side => side.String()).ToArray() is [var first, var second] ? (first, second) : throw merge.Refuse("a merge is of two tokens.");
        }

        var text = merge.String();
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 ? (text[..space], text[(space + 1)..]) : throw merge.Refuse($"'{text}' is not two tokens with a space between.");
    }
}
