namespace Landfall.Inference.Tokenizers;

/// <summary>Text to token ids and back.</summary>
public interface ITokenizer
{
    /// <summary>The tokens.</summary>
    TokenVocabulary Vocabulary { get; }

    /// <summary>The token that prompts begin with, where there is one.</summary>
    int? BeginToken { get; }

    /// <summary>The token that ends a text, where there is one.</summary>
    int? EndToken { get; }

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecial">Whether the tokens that the model wants around a text (begin, [CLS], [SEP]) are added.</param>
    /// <param name="parseSpecial">
    /// Whether the names of special tokens in the text become those tokens: true for what a chat template made, false for
    /// what a user wrote.
    /// </param>
    int[] Encode(string text, bool addSpecial = false, bool parseSpecial = false);

    /// <summary>The text of tokens; special tokens are left out unless wanted. Bytes that are not UTF-8 become U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> tokens, bool withSpecial = false);

    /// <summary>A decoder that is given one token after another and never gives out half a character.</summary>
    ITokenStream Stream(bool withSpecial = false);
}

/// <summary>Decodes a growing sequence of tokens: what it gives out, joined, is what decoding all at once gives.</summary>
public interface ITokenStream
{
    /// <summary>The text that this token completes; empty while a character or a leading space is still open.</summary>
    string Append(int token);

    /// <summary>What is left at the end: an incomplete character as U+FFFD.</summary>
    string Flush();
}

/// <summary>The tokens of a vocabulary as the bytes that each adds to a text.</summary>
/// <param name="bytes">By token id; empty for special tokens and unused ids.</param>
/// <param name="special">By token id: whether the token is a mark and not text.</param>
/// <param name="texts">By token id: the token as its file writes it.</param>
public sealed class TokenVocabulary(byte[][] bytes, bool[] special, string[] texts)
{
    /// <summary>Token ids are below it.</summary>
    public int Count => bytes.Length;

    /// <summary>The bytes that the token adds within a text (not at its beginning); empty for special tokens.</summary>
    public ReadOnlySpan<byte> Bytes(int token) => bytes[token];

    /// <summary>Whether the token is a mark and not text.</summary>
    public bool IsSpecial(int token) => special[token];

    /// <summary>The token as its file writes it.</summary>
    public string Text(int token) => texts[token];
}
