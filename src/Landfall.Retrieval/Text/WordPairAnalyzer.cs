namespace Landfall.Retrieval.Text;

/// <summary>
/// Pairs of words that stand at most <c>window</c> words apart, in alphabetical order: "book a flight" and "a flight to
/// book" share the pair of "book" and "flight". Of Chinese, pairs of characters are the word analyser's business.
/// </summary>
/// <param name="window">1 to 50.</param>
public sealed class WordPairAnalyzer(int window) : ITextAnalyzer
{
    private readonly int _window = window is >= 1 and <= 50
        ? window
        : throw new ArgumentOutOfRangeException(nameof(window), window, "A window has 1 to 50 words.");

    /// <inheritdoc/>
    public string Name => $"word-pairs-{_window}";

    /// <inheritdoc/>
    public void Analyze(string text, TokenHandler onToken)
    {
        var segmented = SegmentedText.Of(text);
        var words = segmented.Segments.Where(segment => !segment.IsUnspaced).ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            for (var j = i + 1; j < words.Length && j <= i + _window; j++)
            {
                var first = segmented[words[i]];
                var second = segmented[words[j]];
                onToken(first.SequenceCompareTo(second) <= 0 ? string.Concat(first, "~", second) : string.Concat(second, "~", first));
            }
        }
    }
}
