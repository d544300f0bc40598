using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>What a tokenizer is made of, as read from a file.</summary>
internal sealed class TokenizerParts
{
    /// <summary>Tokens that are cut out before the model sees the text.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>What changes a text before it is cut.</summary>
    public TextNormalizer? Normalizer { get; init; }

    /// <summary>What cuts a text.</summary>
    public PreTokenizer? PreTokenizer { get; init; }

    /// <summary>What turns pieces into tokens.</summary>
    public required TokenModel Model { get; init; }

    /// <summary>The tokens and the bytes they stand for.</summary>
    public required TokenVocabulary Vocabulary { get; init; }

    /// <summary>How many spaces at the beginning of a decoded text are the encoding's and not the text's.</summary>
    public int LeadingSpaces { get; init; }

    /// <summary>What is put before a text where special tokens are wanted.</summary>
    public IReadOnlyList<int> Before { get; init; } = [];

    /// <summary>What is put after a text where special tokens are wanted.</summary>
    public IReadOnlyList<int> After { get; init; } = [];

    /// <summary>The token that prompts begin with.</summary>
    public int? BeginToken { get; init; }

    /// <summary>The token that ends a text.</summary>
    public int? EndToken { get; init; }
}

/// <summary>
/// The usual pipeline: added tokens are cut out, the rest is normalised, cut into pieces, and given to the model.
/// Immutable; used by many threads at once.
/// </summary>
internal sealed class PipelineTokenizer : ITokenizer
{
    private readonly TokenizerParts _parts;
    private readonly AddedTokenFinder _raw;
    private readonly AddedTokenFinder _normalized;

    public PipelineTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _raw = new(parts.AddedTokens.Where(token => !token.Normalized), null);
        _normalized = new(parts.AddedTokens.Where(token => token.Normalized), parts.Normalizer);
    }

    public TokenVocabulary Vocabulary => _parts.Vocabulary;

    public int? BeginToken => _parts.BeginToken;

    public int? EndToken => _parts.EndToken;

    public int[] Encode(string text, bool addSpecial = false, bool parseSpecial = false)
    {
        TextDeadline.Begin(text.Length);
        var tokens = new List<int>((text.Length / 3) + 8);
        if (addSpecial)
        {
            tokens.AddRange(_parts.Before);
        }

        var segments = new List<TextSegment>();
        _raw.Split(WellFormed(text), parseSpecial, segments);
        foreach (var segment in segments)
        {
            EncodeSegment(segment, parseSpecial, tokens);
        }

        if (addSpecial)
        {
            tokens.AddRange(_parts.After);
        }

        return [.. tokens];
    }

    public string Decode(ReadOnlySpan<int> tokens, bool withSpecial = false)
    {
        var stream = new TokenTextStream(this, withSpecial);
        var builder = new StringBuilder();
        foreach (var token in tokens)
        {
            stream.Append(token, builder);
        }

        return builder.Append(stream.Flush()).ToString();
    }

    public ITokenStream Stream(bool withSpecial = false) => new TokenTextStream(this, withSpecial);

    private void EncodeSegment(TextSegment segment, bool parseSpecial, List<int> tokens)
    {
        if (segment.Token is { } added)
        {
            tokens.Add(added);
            return;
        }

        var normalized = _parts.Normalizer is null ? segment.Text : _parts.Normalizer(segment.Text);
        var segments = new List<TextSegment>();
        _normalized.Split(normalized, parseSpecial, segments);
        foreach (var part in segments)
        {
            if (part.Token is { } token)
            {
                tokens.Add(token);
                continue;
            }

            var pieces = TextPieces.Whole(part.Text, segment.AtBeginning && part.AtBeginning);
            pieces = _parts.PreTokenizer is null ? pieces : _parts.PreTokenizer(pieces);
            foreach (var (start, end) in pieces.Ranges)
            {
                _parts.Model.Encode(pieces.Text.AsSpan(start, end - start), tokens);
            }
        }
    }

    /// <summary>Lone surrogates become U+FFFD.</summary>
    private static string WellFormed(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            builder.Append(rune);
        }

        return builder.ToString();
    }

    private sealed class TokenTextStream(PipelineTokenizer tokenizer, bool withSpecial) : ITokenStream
    {
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private int _leadingSpaces = tokenizer._parts.LeadingSpaces;

        public string Append(int token)
        {
            var builder = new StringBuilder();
            Append(token, builder);
            return builder.ToString();
        }

        public string Flush()
        {
            Span<char> characters = stackalloc char[8];
            var count = _decoder.GetChars([], characters, flush: true);
            return new(characters[..count]);
        }

        public void Append(int token, StringBuilder builder)
        {
            var vocabulary = tokenizer.Vocabulary;
            if (token < 0 || token >= vocabulary.Count)
            {
                return;
            }

            var bytes = !vocabulary.IsSpecial(token) ? vocabulary.Bytes(token)
                : withSpecial ? Encoding.UTF8.GetBytes(vocabulary.Text(token)) : [];
            while (_leadingSpaces > 0 && bytes.Length > 0)
            {
                _leadingSpaces = bytes[0] == ' ' ? _leadingSpaces - 1 : 0;
                bytes = bytes[0] == ' ' ? bytes[1..] : bytes;
            }

            Span<char> characters = stackalloc char[256];
            while (bytes.Length > 0)
            {
                var part = bytes.Length > 240 ? bytes[..240] : bytes;
                builder.Append(characters[.._decoder.GetChars(part, characters, flush: false)]);
                bytes = bytes[part.Length..];
            }
        }
    }
}
