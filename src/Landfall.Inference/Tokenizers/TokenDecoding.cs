using System.Globalization;
using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>What tokens are as bytes of a text, token by token: the decoder of a tokenizer's file, put so that it can stream.</summary>
internal sealed class TokenDecoding
{
    private readonly List<Step> _steps = [];
    private bool _fused;

    private delegate byte[]? Step(ref string text, bool added);

    /// <summary>How many spaces at the beginning of a decoded text are the encoding's and not the text's.</summary>
    public int LeadingSpaces { get; private set; }

    /// <summary>Reads the decoder of a tokenizer.json; where there is none, tokens are joined by spaces.</summary>
    public static TokenDecoding Read(JsonField field)
    {
        var decoding = new TokenDecoding();
        if (field.IsNull)
        {
            decoding.LeadingSpaces = 1;
            decoding.Add((ref text, _) => Keep(ref text, " " + text));
            return decoding;
        }

        decoding.AddStep(field);
        return decoding;
    }

    /// <summary>SentencePiece's: U+2581 is a space, &lt;0xNN&gt; a byte.</summary>
    public static TokenDecoding SentencePiece(bool prefixSpace)
    {
        var decoding = new TokenDecoding { LeadingSpaces = prefixSpace ? 1 : 0 };
        decoding.Add((ref text, _) => Keep(ref text, text.Replace('\u2581', ' ')));
        decoding.Add(ByteFallback);
        return decoding;
    }

    /// <summary>Byte-level BPE's.</summary>
    public static TokenDecoding ByteLevel()
    {
        var decoding = new TokenDecoding();
        decoding.Add(FromByteAlphabet);
        return decoding;
    }

    /// <summary>WordPiece's: a space before each word, none before a continuation; with cleaning, none before punctuation.</summary>
    public static TokenDecoding WordPiece(string prefix, bool clean)
    {
        var decoding = new TokenDecoding();
        decoding.AddWordPiece(prefix, clean);
        return decoding;
    }

    /// <summary>WordPiece's as GGUF files hold it: words begin with U+2581, continuations are bare.</summary>
    public static TokenDecoding PhantomSpace()
    {
        var decoding = new TokenDecoding { LeadingSpaces = 1 };
        decoding.Add((ref text, _) => Keep(ref text, Clean(text.StartsWith('\u2581') ? " " + text[1..] : text)));
        return decoding;
    }

    /// <summary>The bytes that a token adds within a text.</summary>
    /// <param name="text">The token as its file writes it.</param>
    /// <param name="added">Whether it is an added token, whose text is not in the byte-level alphabet.</param>
    public byte[] Bytes(string text, bool added)
    {
        var length = text.Length;
        foreach (var step in _steps)
        {
            if (step(ref text, added) is { } bytes)
            {
                return bytes;
            }

            TextGrowth.Require(text.Length, length);
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static byte[]? Keep(ref string text, string changed)
    {
        text = changed;
        return null;
    }

    private static byte[]? ByteFallback(ref string text, bool added) =>
        text is ['<', '0', 'x', _, _, '>'] && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? [value] : null;

    private static byte[]? FromByteAlphabet(ref string text, bool added) => added ? null : ByteAlphabet.Decode(text);

    private void Add(Step step) => _steps.Add(step);

    private void AddStep(JsonField field)
    {
        if (_steps.Count >= TextGrowth.MostSteps)
        {
            throw field.Refuse($"more than {TextGrowth.MostSteps} steps are not run.");
        }

        switch (field["type"].String())
        {
            case "Sequence":
                foreach (var step in field["decoders"].Items())
                {
                    AddStep(step);
                }

                break;
            case "ByteLevel":
                Add(FromByteAlphabet);
                break;
            case "ByteFallback":
                Add(ByteFallback);
                break;
            case "Fuse":
                _fused = true;
                break;
            case "Replace":
                var (pattern, content) = (TokenizerJsonSteps.Pattern(field["pattern"]), field["content"].String());
                Add((ref text, _) => Keep(ref text, pattern.Replace(text, content)));
                break;
            case "Metaspace":
                var mark = TokenizerJsonSteps.Mark(field["replacement"]);
                LeadingSpaces = TokenizerJsonSteps.Prepend(field) == PrependScheme.Never ? 0 : 1;
                Add((ref text, _) => Keep(ref text, text.Replace(mark, ' ')));
                break;
            case "Strip":
                AddStrip(field);
                break;
            case "WordPiece":
                AddWordPiece(field["prefix"].String("##"), field["cleanup"].Bool(true));
                break;
            case var type:
                throw field["type"].Refuse($"the decoder {type} is not supported.");
        }
    }

    private void AddStrip(JsonField field)
    {
        var (content, start, stop) = (field["content"].String(" "), field["start"].Int(0), field["stop"].Int(0));
        if (_fused)
        {
            LeadingSpaces = (content, stop) == (" ", 0) && start is >= 0 and <= 16 ? start
                : throw field.Refuse("stripping a decoded text is supported for spaces at its beginning only.");
            return;
        }

        if (content is not [var character])
        {
            throw field["content"].Refuse("one character is expected.");
        }

        Add((ref text, _) => Keep(ref text, Strip(text, character, start, stop)));
    }

    private void AddWordPiece(string prefix, bool clean)
    {
        LeadingSpaces = 1;
        Add((ref text, _) =>
        {
            text = prefix.Length > 0 && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : " " + text;
            return Keep(ref text, clean ? Clean(text) : text);
        });
    }

    private static string Strip(string text, char character, int start, int stop)
    {
        var (from, to) = (0, text.Length);
        while (from < Math.Min(start, text.Length) && text[from] == character)
        {
            from++;
        }

        while (to > from && text.Length - to < stop && text[to - 1] == character)
        {
            to--;
        }

        return text[from..to];
    }

    private static string Clean(string text) => text
        .Replace(" .", ".", StringComparison.Ordinal).Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal).Replace(" ,", ",", StringComparison.Ordinal)
        .Replace(" ' ", "'", StringComparison.Ordinal).Replace(" n't", "n't", StringComparison.Ordinal)
        .Replace(" 'm", "'m", StringComparison.Ordinal).Replace(" 's", "'s", StringComparison.Ordinal)
        .Replace(" 've", "'ve", StringComparison.Ordinal).Replace(" 're", "'re", StringComparison.Ordinal);
}
