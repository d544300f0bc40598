using System.Runtime.InteropServices;
using System.Text;

namespace Landfall.Retrieval.Text;

/// <summary>A word, or a run of characters of a script without spaces.</summary>
/// <param name="Start">Where it starts in the folded text.</param>
/// <param name="Length">Its length in UTF-16 units.</param>
/// <param name="IsUnspaced">Whether it is a run of Chinese characters or kana.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Segment(int Start, int Length, bool IsUnspaced);

/// <summary>A folded text (apostrophes inside words dropped) and its words.</summary>
internal sealed class SegmentedText
{
    private SegmentedText(string text, List<Segment> segments)
    {
        Text = text;
        Segments = segments;
    }

    public string Text { get; }

    public IReadOnlyList<Segment> Segments { get; }

    public ReadOnlySpan<char> this[Segment segment] => Text.AsSpan(segment.Start, segment.Length);

    /// <summary>
    /// Words are runs of letters and digits; "can't" is the word <c>cant</c>, as many people type it. A run of Chinese
    /// characters is a segment of its own.
    /// </summary>
    public static SegmentedText Of(string text)
    {
        var folded = TextNormalizer.Fold(text);
        var result = new StringBuilder(folded.Length);
        var segments = new List<Segment>();
        var start = 0;
        var unspaced = false;
        foreach (var rune in folded.EnumerateRunes())
        {
            if (Script.IsApostrophe(rune) && result.Length > start && !unspaced)
            {
                continue;
            }

            var part = Script.IsWordPart(rune);
            var isUnspaced = Script.IsUnspaced(rune);
            if (result.Length > start && (!part || isUnspaced != unspaced))
            {
                segments.Add(new Segment(start, result.Length - start, unspaced));
                start = result.Length;
            }

            if (part)
            {
                unspaced = isUnspaced;
                result.Append(rune.ToString());
            }
        }

        if (result.Length > start)
        {
            segments.Add(new Segment(start, result.Length - start, unspaced));
        }

        return new SegmentedText(result.ToString(), segments);
    }

    /// <summary>The offsets at which the segment's characters (code points) start, and its end.</summary>
    public List<int> CharacterStarts(Segment segment)
    {
        var starts = new List<int>(segment.Length + 1);
        for (var i = segment.Start; i < segment.Start + segment.Length; i++)
        {
            if (!char.IsLowSurrogate(Text[i]))
            {
                starts.Add(i);
            }
        }

        starts.Add(segment.Start + segment.Length);
        return starts;
    }
}
