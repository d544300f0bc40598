namespace Landfall.Inference.Tokenizers;

/// <summary>
/// The two families of patterns that nearly all byte-level tokenizers cut words by, written out: on code points, in one
/// pass, without backtracking.
/// </summary>
internal static class WordSplitter
{
    /// <summary>GPT-2's pattern.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Llama 3's pattern (digits by threes).</summary>
    public const string Llama3Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>Qwen2's pattern (digits one by one).</summary>
    public const string Qwen2Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The written-out splitter of a known pattern, or null.</summary>
    public static PieceSplitter? Find(string pattern) => pattern switch
    {
        Gpt2Pattern => Gpt2,
        Llama3Pattern => Llama3,
        Qwen2Pattern => Qwen2,
        _ => null,
    };

    /// <summary>Cuts by <see cref="Gpt2Pattern"/>.</summary>
    public static void Gpt2(TextPieces pieces, int start, int end)
    {
        var text = pieces.Text.AsSpan(start, end - start);
        for (var at = 0; at < text.Length;)
        {
            var next = NextGpt2(text, at);
            pieces.Add(start + at, start + next);
            at = next;
        }
    }

    /// <summary>Cuts by <see cref="Llama3Pattern"/>.</summary>
    public static void Llama3(TextPieces pieces, int start, int end) => Cut(pieces, start, end, 3);

    /// <summary>Cuts by <see cref="Qwen2Pattern"/>.</summary>
    public static void Qwen2(TextPieces pieces, int start, int end) => Cut(pieces, start, end, 1);

    private static void Cut(TextPieces pieces, int start, int end, int digits)
    {
        var text = pieces.Text.AsSpan(start, end - start);
        for (var at = 0; at < text.Length;)
        {
            var next = NextLlama3(text, at, digits);
            pieces.Add(start + at, start + next);
            at = next;
        }
    }

    private static int NextGpt2(ReadOnlySpan<char> text, int at)
    {
        if (text[at] == '\'' && Contraction(text, at, ignoreCase: false) is var length and > 0)
        {
            return at + length;
        }

        var word = text[at] == ' ' && at + 1 < text.Length ? at + 1 : at;
        var kind = CharacterClass.Of(text, word, out _);
        return kind == CharacterClass.Space ? Spaces(text, at) : Run(text, word, kind, int.MaxValue);
    }

    private static int NextLlama3(ReadOnlySpan<char> text, int at, int digits)
    {
        if (text[at] == '\'' && Contraction(text, at, ignoreCase: true) is var length and > 0)
        {
            return at + length;
        }

        var kind = CharacterClass.Of(text, at, out var width);
        if (kind == CharacterClass.Letter)
        {
            return Run(text, at, kind, int.MaxValue);
        }

        if (kind == CharacterClass.Number)
        {
            return Run(text, at, kind, digits);
        }

        var after = at + width < text.Length ? CharacterClass.Of(text, at + width, out _) : CharacterClass.Space;
        if (after == CharacterClass.Letter && text[at] is not ('\r' or '\n'))
        {
            return Run(text, at + width, CharacterClass.Letter, int.MaxValue);
        }

        if (kind == CharacterClass.Other || (text[at] == ' ' && after == CharacterClass.Other))
        {
            var end = Run(text, kind == CharacterClass.Other ? at : at + 1, CharacterClass.Other, int.MaxValue);
            while (end < text.Length && text[end] is '\r' or '\n')
            {
                end++;
            }

            return end;
        }

        return Lines(text, at);
    }

    /// <summary>'s, 't, 're, 've, 'm, 'll, 'd: their length, or 0. Ignoring case, the long s (U+017F) is an s.</summary>
    private static int Contraction(ReadOnlySpan<char> text, int at, bool ignoreCase)
    {
        if (at + 1 >= text.Length)
        {
            return 0;
        }

        var first = Fold(text[at + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        var second = at + 2 < text.Length ? Fold(text[at + 2], ignoreCase) : '\0';
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    private static char Fold(char character, bool ignoreCase) => !ignoreCase
        ? character
        : character == '\u017F' ? 's' : char.IsAsciiLetterUpper(character) ? (char)(character | 0x20) : character;

    /// <summary>The end of a run of one class, of at most so many code points.</summary>
    private static int Run(ReadOnlySpan<char> text, int at, byte kind, int most)
    {
        while (most-- > 0 && at < text.Length && CharacterClass.Of(text, at, out var width) == kind)
        {
            at += width;
        }

        return at;
    }

    /// <summary>\s+(?!\S)|\s+: white space up to the last one before a word.</summary>
    private static int Spaces(ReadOnlySpan<char> text, int at)
    {
        var end = Run(text, at, CharacterClass.Space, int.MaxValue);
        return end < text.Length && end - at > 1 ? end - 1 : end;
    }

    /// <summary>\s*[\r\n]+|\s+(?!\S)|\s+: white space up to its last line break, where it has one.</summary>
    private static int Lines(ReadOnlySpan<char> text, int at)
    {
        var end = Run(text, at, CharacterClass.Space, int.MaxValue);
        var lineBreak = text[at..end].LastIndexOfAny('\r', '\n');
        return lineBreak >= 0 ? at + lineBreak + 1 : end < text.Length && end - at > 1 ? end - 1 : end;
    }
}
