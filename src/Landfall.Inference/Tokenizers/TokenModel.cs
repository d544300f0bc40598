namespace Landfall.Inference.Tokenizers;

/// <summary>Turns one piece of text into tokens. Immutable; used by many threads at once.</summary>
internal abstract class TokenModel
{
    /// <summary>Appends the tokens of a piece.</summary>
    public abstract void Encode(ReadOnlySpan<char> piece, List<int> tokens);
}

/// <summary>What stands for text that the vocabulary does not have.</summary>
/// <param name="token">The unknown token's id, where there is one.</param>
/// <param name="fuse">Whether neighbouring unknown characters are one unknown token.</param>
/// <param name="bytes">By byte value: the tokens &lt;0xNN&gt;, where unknown characters fall back on them.</param>
internal sealed class UnknownText(int? token, bool fuse, int[]? bytes)
{
    /// <summary>Appends what stands for a text.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="text">What is unknown, at least a character.</param>
    /// <param name="afterUnknown">Whether the token before is an unknown one of the same piece.</param>
    /// <returns>Whether it became an unknown token.</returns>
    public bool Append(List<int> tokens, ReadOnlySpan<char> text, bool afterUnknown)
    {
        if (bytes is not null && AppendBytes(tokens, text))
        {
            return false;
        }

        if (token is { } unknown && !(fuse && afterUnknown))
        {
            tokens.Add(unknown);
        }

        return true;
    }

    private bool AppendBytes(List<int> tokens, ReadOnlySpan<char> text)
    {
        var before = tokens.Count;
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                if (bytes![value] < 0)
                {
                    tokens.RemoveRange(before, tokens.Count - before);
                    return false;
                }

                tokens.Add(bytes[value]);
            }
        }

        return true;
    }
}
