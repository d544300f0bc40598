namespace Landfall.Retrieval.Text;

/// <summary>
/// Words of letters and digits, and sequences of up to <c>maxWords</c> of them joined by a space. Chinese has no spaces:
/// there a character is a word, so that <c>maxWords</c> 2 gives characters and pairs of neighbours.
/// </summary>
/// <param name="maxWords">1 to 4; default 1. Runs of Chinese characters give pairs in any case.</param>
public sealed class WordAnalyzer(int maxWords = 1) : ITextAnalyzer
{
    private readonly int _maxWords = maxWords is >= 1 and <= 4
        ? maxWords
        : throw new ArgumentOutOfRangeException(nameof(maxWords), maxWords, "Sequences have 1 to 4 words.");

    /// <inheritdoc/>
    public string Name => $"words-{_maxWords}";

    /// <inheritdoc/>
    public void Analyze(string text, TokenHandler onToken)
    {
        var segmented = SegmentedText.Of(text);
        var segments = segmented.Segments;
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].IsUnspaced)
            {
                EmitCharacters(segmented, segments[i], onToken);
            }
            else
            {
                EmitWords(segmented, i, onToken);
            }
        }
    }

    private void EmitWords(SegmentedText text, int first, TokenHandler onToken)
    {
        var segments = text.Segments;
        onToken(text[segments[first]]);
        var sequence = string.Empty;
        for (var i = first; i < segments.Count && i < first + _maxWords && !segments[i].IsUnspaced; i++)
        {
            sequence = i == first ? text[segments[i]].ToString() : string.Concat(sequence, " ", text[segments[i]]);
            if (i > first)
            {
                onToken(sequence);
            }
        }
    }

    private void EmitCharacters(SegmentedText text, Segment run, TokenHandler onToken)
    {
        var starts = text.CharacterStarts(run);
        for (var i = 0; i + 1 < starts.Count; i++)
        {
            for (var n = 1; n <= Math.Max(2, _maxWords) && i + n < starts.Count; n++)
            {
                onToken(text.Text.AsSpan(starts[i], starts[i + n] - starts[i]));
            }
        }
    }
}
