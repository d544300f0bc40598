using Landfall.Inference.Formats;

namespace Landfall.Inference.Tokenizers;

/// <summary>Reads Hugging Face's tokenizer.json: BPE, Unigram, WordPiece and WordLevel, with all that stands around them.</summary>
public static class TokenizerJson
{
    private const int MostAround = 256;

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="config">What tokenizer_config.json says, where there is one.</param>
    /// <exception cref="ModelFormatException">The file is damaged, contradicts itself, or needs what is not supported.</exception>
    public static ITokenizer Read(Stream json, string file, TokenizerConfig? config = null) =>
        JsonField.Read(json, file, root =>
        {
            try
            {
                TextDeadline.Begin(1_000_000);
                return Read(root, config ?? new());
            }
            catch (InferenceException exception) when (exception is not ModelFormatException)
            {
                throw new ModelFormatException(file, exception.Message, exception);
            }
        });

    /// <summary>Reads the tokenizer of a model's folder: tokenizer.json and what stands beside it.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ModelFormatException">A file is missing or damaged.</exception>
    public static ITokenizer ReadFolder(string folder) => ReadFolder(folder, TokenizerConfig.ReadFolder(folder));

    /// <summary>The same, where its tokenizer_config.json has been read.</summary>
    internal static ITokenizer ReadFolder(string folder, TokenizerConfig config)
    {
        var path = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(path))
        {
            throw new ModelFormatException(path, "the model's folder has no tokenizer.json; a tokenizer.model alone is not read: convert it with its library first.");
        }

        return FolderFile.Read(path, stream => Read(stream, path, config));
    }

    private static PipelineTokenizer Read(JsonField root, TokenizerConfig config)
    {
        var added = AddedTokens(root["added_tokens"]);
        var models = new TokenizerJsonModels(root["model"], [.. added.Where(token => token.Special).Select(token => token.Id)]);
        var model = models.Read();
        var decoding = TokenDecoding.Read(root["decoder"]);
        var (before, after) = Around(root["post_processor"]);
        var begin = Find(config.BeginToken, added, models.Vocabulary);
        var end = Find(config.EndToken, added, models.Vocabulary);
        Set(before, begin, config.AddBeginToken, first: true);
        Set(after, end, config.AddEndToken, first: false);
        var vocabulary = VocabularyBuilder.Build(root.File, models.Vocabulary, added, decoding);
        foreach (var token in before.Concat(after).Where(token => token < 0 || token >= vocabulary.Count))
        {
            throw root["post_processor"].Refuse($"it adds the token {token}, which the vocabulary of {vocabulary.Count} tokens does not have.");
        }

        return new(new()
        {
            AddedTokens = added,
            Normalizer = TokenizerJsonSteps.Normalizer(root["normalizer"]),
            PreTokenizer = TokenizerJsonSteps.PreTokenizer(root["pre_tokenizer"]),
            Model = model,
            Vocabulary = vocabulary,
            LeadingSpaces = decoding.LeadingSpaces,
            Before = before,
            After = after,
            BeginToken = begin ?? (config.BeginToken is null && before.Count > 0 ? before[0] : null),
            EndToken = end,
        });
    }

    private static List<AddedToken> AddedTokens(JsonField field)
    {
        var tokens = new List<AddedToken>();
        foreach (var entry in field.Items())
        {
            var special = entry["special"].Bool(false);
            tokens.Add(new(entry["id"].Int(), entry["content"].String())
            {
                Special = special,
                Normalized = entry["normalized"].Bool(!special),
                StripLeft = entry["lstrip"].Bool(false),
                StripRight = entry["rstrip"].Bool(false),
                SingleWord = entry["single_word"].Bool(false),
            });
            if (tokens[^1].Id < 0)
            {
                throw entry["id"].Refuse("a token's id is negative.");
            }
        }

        return tokens;
    }

    private static int? Find(string? token, List<AddedToken> added, Dictionary<string, int> vocabulary) => token is null ? null
        : added.Find(candidate => candidate.Content == token)?.Id ?? (vocabulary.TryGetValue(token, out var id) ? id : null);

    private static void Set(List<int> tokens, int? token, bool? wanted, bool first)
    {
        if (token is not { } id || wanted is not { } add || add == tokens.Contains(id))
        {
            return;
        }

        if (add)
        {
            tokens.Insert(first ? 0 : tokens.Count, id);
        }
        else
        {
            tokens.RemoveAll(candidate => candidate == id);
        }
    }

    /// <summary>What the post-processor puts before and after a single text.</summary>
    private static (List<int> Before, List<int> After) Around(JsonField field)
    {
        switch (field.IsNull ? "ByteLevel" : field["type"].String())
        {
            case "ByteLevel":
                return ([], []);
            case "TemplateProcessing":
                return Template(field);
            case "BertProcessing" or "RobertaProcessing":
                return ([Second(field["cls"])], [Second(field["sep"])]);
            case "Sequence":
                var (before, after) = (new List<int>(), new List<int>());
                foreach (var processor in field["processors"].Items())
                {
                    var (outerBefore, outerAfter) = Around(processor);
                    before.InsertRange(0, outerBefore);
                    after.AddRange(outerAfter);
                    RequireFew(field, before.Count + after.Count);
                }

                return (before, after);
            case var type:
                throw field["type"].Refuse($"the post-processor {type} is not supported.");
        }
    }

    private static int Second(JsonField pair) => pair.Items().ToArray() is [_, var id] ? id.Int() : throw pair.Refuse("a token and its id are expected.");

    private static (List<int> Before, List<int> After) Template(JsonField field)
    {
        var (before, after) = (new List<int>(), new List<int>());
        var side = before;
        RequireFew(field, field["single"].IsNull ? 0 : field["single"].Count);
        foreach (var item in field["single"].Items())
        {
            if (!item["Sequence"].IsNull)
            {
                side = after;
                continue;
            }

            var name = item["SpecialToken"]["id"].String();
            var token = field["special_tokens"][name];
            var ids = token.IsNull ? throw field.Refuse($"the template uses the special token '{name}', which it does not define.") : token["ids"];
            RequireFew(field, before.Count + after.Count + (ids.IsNull ? 0 : ids.Count));
            side.AddRange(ids.Items().Select(id => id.Int()));
        }

        return (before, after);
    }

    private static void RequireFew(JsonField field, int count)
    {
        if (count > MostAround)
        {
            throw field.Refuse($"more than {MostAround} tokens or items around a text are not put there.");
        }
    }
}
