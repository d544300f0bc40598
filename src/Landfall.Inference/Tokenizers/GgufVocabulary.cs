using System.Globalization;
using Landfall.Inference.Formats;

namespace Landfall.Inference.Tokenizers;

/// <summary>What a token of a GGUF file is.</summary>
internal enum GgufTokenType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>The tokens in a GGUF file's metadata, with their types, scores and roles.</summary>
internal sealed class GgufVocabulary
{
    private const string Prefix = "tokenizer.ggml.";
    private readonly string[] _tokens;
    private readonly GgufTokenType[] _types;

    /// <exception cref="ModelFormatException">Tokens are missing or there are more or fewer types than tokens.</exception>
    public GgufVocabulary(GgufMetadata metadata)
    {
        Metadata = metadata;
        _tokens = metadata.Find<string[]>(Prefix + "tokens") ?? throw Problem($"the metadata has no '{Prefix}tokens'.");
        if (Array.Find(_tokens, token => token.Length > TextGrowth.LongestToken) is { } longest)
        {
            throw Problem($"a token has {longest.Length} characters, where {TextGrowth.LongestToken} are the most.");
        }

        var types = metadata.Find<long[]>(Prefix + "token_type");
        if (types is not null && types.Length != _tokens.Length)
        {
            throw Problem($"there are {_tokens.Length} tokens and {types.Length} types of tokens.");
        }

        _types = types is null ? new GgufTokenType[_tokens.Length] : Array.ConvertAll(types, type => (GgufTokenType)type);
        for (var i = 0; i < _types.Length; i++)
        {
            _types[i] = Enum.IsDefined(_types[i]) ? _types[i] : GgufTokenType.Normal;
        }
    }

    /// <summary>All metadata.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>Tokens of certain types with their ids.</summary>
    public Dictionary<string, int> Where(Func<GgufTokenType, bool> type)
    {
        var found = new Dictionary<string, int>(_tokens.Length, StringComparer.Ordinal);
        for (var id = 0; id < _tokens.Length; id++)
        {
            if (type(_types[id]))
            {
                found[_tokens[id]] = id;
            }
        }

        return found;
    }

    /// <summary>The tokens that are cut out of a text: control and unknown tokens as special ones, and the user's own.</summary>
    public List<AddedToken> Added()
    {
        var added = new List<AddedToken>();
        for (var id = 0; id < _tokens.Length; id++)
        {
            if (_types[id] is GgufTokenType.Control or GgufTokenType.Unknown or GgufTokenType.UserDefined)
            {
                added.Add(new(id, _tokens[id]) { Special = _types[id] != GgufTokenType.UserDefined });
            }
        }

        return added;
    }

    /// <summary>The table of tokens by id.</summary>
    public TokenVocabulary Build(TokenDecoding decoding)
    {
        var (bytes, special) = (new byte[_tokens.Length][], new bool[_tokens.Length]);
        for (var id = 0; id < _tokens.Length; id++)
        {
            special[id] = _types[id] is GgufTokenType.Control or GgufTokenType.Unknown or GgufTokenType.Unused;
            bytes[id] = special[id] ? [] : decoding.Bytes(_tokens[id], added: _types[id] == GgufTokenType.UserDefined);
        }

        return new(bytes, special, _tokens);
    }

    /// <summary>By token id: the score.</summary>
    public double[] Scores()
    {
        var scores = Metadata.Find<double[]>(Prefix + "scores") ?? throw Problem($"the tokenizer needs '{Prefix}scores', which is missing.");
        return scores.Length == _tokens.Length ? scores : throw Problem($"there are {_tokens.Length} tokens and {scores.Length} scores.");
    }

    /// <summary>By byte value: the tokens &lt;0xNN&gt;, -1 where one is missing.</summary>
    public int[] ByteTokens()
    {
        var bytes = new int[256];
        Array.Fill(bytes, -1);
        for (var id = 0; id < _tokens.Length; id++)
        {
            if (_types[id] == GgufTokenType.Byte && _tokens[id] is ['<', '0', 'x', _, _, '>'] text
                && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[value] = id;
            }
        }

        return bytes;
    }

    /// <summary>A token by its role, or what is usual where the file does not say and the vocabulary has it.</summary>
    public int? Id(string key, int? otherwise)
    {
        if (Metadata.FindValue<long>(Prefix + key) is not { } id)
        {
            return otherwise < _tokens.Length ? otherwise : null;
        }

        return id >= 0 && id < _tokens.Length ? (int)id : throw Problem($"'{Prefix}{key}' is {id}, outside the vocabulary of {_tokens.Length} tokens.");
    }

    /// <summary>What is put before a text.</summary>
    public int[] Begin(int? token, bool add) => Flag("add_bos_token", add) && Id("bos_token_id", token) is { } begin ? [begin] : [];

    /// <summary>What is put after a text.</summary>
    public int[] End(int? token, bool add) => Flag("add_eos_token", add) && Id("eos_token_id", token) is { } end ? [end] : [];

    private bool Flag(string key, bool otherwise) => Metadata.FindValue<bool>(Prefix + key) ?? otherwise;

    private ModelFormatException Problem(string problem) => new(Metadata.File, problem);
}
