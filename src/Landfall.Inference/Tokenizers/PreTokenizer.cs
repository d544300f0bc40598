using System.Text;

namespace Landfall.Inference.Tokenizers;

/// <summary>Cuts a text into the pieces that the model sees, changing it where the tokenizer's file says so.</summary>
internal delegate TextPieces PreTokenizer(TextPieces pieces);

/// <summary>What becomes of the matches of a Split.</summary>
internal enum SplitBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>The pre-tokenizers of tokenizer.json.</summary>
internal static class PreTokenizers
{
    /// <summary>BERT's: cut at white space, and around each punctuation character.</summary>
    public static PreTokenizer Bert { get; } = Sequence(
    [
        Split(Rune.IsWhiteSpace, SplitBehavior.Removed),
        Split(CharacterClass.IsPunctuation, SplitBehavior.Isolated),
    ]);

    /// <summary>One after another.</summary>
    public static PreTokenizer Sequence(IReadOnlyList<PreTokenizer> steps) => pieces =>
    {
        var length = pieces.Text.Length;
        foreach (var step in steps)
        {
            pieces = step(pieces);
            TextGrowth.Require(pieces.Text.Length, length);
        }

        return pieces;
    };

    /// <summary>Cuts by a splitter.</summary>
    public static PreTokenizer Cut(PieceSplitter splitter) => pieces => pieces.Cut(splitter);

    /// <summary>Cuts where a pattern matches.</summary>
    public static PreTokenizer Split(TextPattern pattern, SplitBehavior behavior, bool invert) => pieces =>
    {
        var matches = new List<(int Start, int End)>();
        return pieces.Cut((cut, start, end) =>
        {
            matches.Clear();
            pattern.Matches(cut.Text, start, end, matches);
            Add(cut, Cover(matches, start, end, invert), behavior);
        });
    };

    /// <summary>Cuts between and around code points of a kind.</summary>
    public static PreTokenizer Split(Func<Rune, bool> kind, SplitBehavior behavior) => pieces => pieces.Cut((cut, start, end) =>
    {
        var parts = new List<(int Start, int End, bool Match)>();
        var (at, from) = (start, start);
        foreach (var rune in cut.Text.AsSpan(start, end - start).EnumerateRunes())
        {
            var next = at + rune.Utf16SequenceLength;
            if (kind(rune))
            {
                parts.Add((from, at, false));
                parts.Add((at, next, true));
                from = next;
            }

            at = next;
        }

        parts.Add((from, end, false));
        parts.RemoveAll(part => part.Start == part.End);
        Add(cut, parts, behavior);
    });

    /// <summary>Words and runs of what is neither word nor space, spaces dropped: <c>\w+|[^\w\s]+</c>.</summary>
    public static void Words(TextPieces pieces, int start, int end)
    {
        var (at, from, current) = (start, start, 0);
        foreach (var rune in pieces.Text.AsSpan(start, end - start).EnumerateRunes())
        {
            var kind = Rune.IsWhiteSpace(rune) ? 0 : CharacterClass.IsWord(rune) ? 1 : 2;
            if (kind != current)
            {
                pieces.Add(from, current == 0 ? from : at);
                (from, current) = (at, kind);
            }

            at += rune.Utf16SequenceLength;
        }

        pieces.Add(from, current == 0 ? from : end);
    }

    /// <summary>Bytes as characters of the byte-level alphabet, after cutting by GPT-2's pattern where wanted.</summary>
    public static PreTokenizer ByteLevel(bool prefixSpace, bool cut) => pieces =>
    {
        if (prefixSpace)
        {
            pieces = Rewrite(pieces, (builder, piece) => builder.Append(piece[0] == ' ' ? "" : " ").Append(piece));
        }

        return Rewrite(cut ? pieces.Cut(WordSplitter.Gpt2) : pieces, ByteAlphabet.Append);
    };

    /// <summary>Spaces as a visible mark, one put before the text where wanted, and cut before each mark.</summary>
    public static PreTokenizer Metaspace(char mark, PrependScheme prepend, bool split) => pieces =>
    {
        var first = true;
        var marked = Rewrite(pieces, (builder, piece) =>
        {
            var wanted = prepend == PrependScheme.Always || (prepend == PrependScheme.First && first && pieces.AtBeginning);
            if (wanted && piece[0] != ' ' && piece[0] != mark)
            {
                builder.Append(mark);
            }

            var before = builder.Length;
            builder.Append(piece).Replace(' ', mark, before, piece.Length);
            first = false;
        });
        return split ? Split(TextPattern.Literal(mark.ToString()), SplitBehavior.MergedWithNext, invert: false)(marked) : marked;
    };

    private delegate void PieceWriter(StringBuilder builder, ReadOnlySpan<char> piece);

    private static TextPieces Rewrite(TextPieces pieces, PieceWriter write)
    {
        var builder = new StringBuilder(pieces.Text.Length + 16);
        var ranges = new List<(int Start, int End)>(pieces.Ranges.Count);
        foreach (var (start, end) in pieces.Ranges)
        {
            var from = builder.Length;
            write(builder, pieces.Text.AsSpan(start, end - start));
            ranges.Add((from, builder.Length));
        }

        var written = new TextPieces(builder.ToString(), pieces.AtBeginning);
        foreach (var (start, end) in ranges)
        {
            written.Add(start, end);
        }

        return written;
    }

    /// <summary>Matches and what lies between them, in order.</summary>
    private static List<(int Start, int End, bool Match)> Cover(List<(int Start, int End)> matches, int start, int end, bool invert)
    {
        var parts = new List<(int Start, int End, bool Match)>((2 * matches.Count) + 1);
        foreach (var (first, last) in matches)
        {
            if (first > start)
            {
                parts.Add((start, first, invert));
            }

            if (last > first)
            {
                parts.Add((first, last, !invert));
            }

            start = last;
        }

        if (end > start)
        {
            parts.Add((start, end, invert));
        }

        return parts;
    }

    private static void Add(TextPieces pieces, List<(int Start, int End, bool Match)> parts, SplitBehavior behavior)
    {
        for (var i = 0; i < parts.Count;)
        {
            var first = i++;
            while (i < parts.Count && Joins(parts[i - 1].Match, parts[i].Match, behavior))
            {
                i++;
            }

            if (behavior != SplitBehavior.Removed || !parts[first].Match)
            {
                pieces.Add(parts[first].Start, parts[i - 1].End);
            }
        }
    }

    private static bool Joins(bool left, bool right, SplitBehavior behavior) => behavior switch
    {
        SplitBehavior.MergedWithPrevious => !left && right,
        SplitBehavior.MergedWithNext => left && !right,
        SplitBehavior.Contiguous => left == right,
        _ => false,
    };
}

/// <summary>Before which pieces a Metaspace mark is put.</summary>
internal enum PrependScheme
{
    Always,
    First,
    Never,
}
