namespace Landfall.Retrieval.Text;

/// <summary>
/// Sequences of <c>min</c> to <c>max</c> characters inside a word with a space before and after it (so " ca" and "nt "
/// tell beginnings and ends), and inside a run of Chinese characters. A word shorter than <c>min</c> comes whole.
/// </summary>
/// <param name="min">1 to <paramref name="max"/>.</param>
/// <param name="max">At most 8.</param>
public sealed class CharacterNgramAnalyzer(int min, int max) : ITextAnalyzer
{
    private readonly int _min = min >= 1 && min <= max
        ? min
        : throw new ArgumentOutOfRangeException(nameof(min), min, "Sequences have at least 1 character and at most max.");

    private readonly int _max = max <= 8
        ? max
        : throw new ArgumentOutOfRangeException(nameof(max), max, "Sequences have at most 8 characters.");

    /// <inheritdoc/>
    public string Name => $"characters-{_min}-{_max}";

    /// <inheritdoc/>
    public void Analyze(string text, TokenHandler onToken)
    {
        var segmented = SegmentedText.Of(text);
        foreach (var segment in segmented.Segments)
        {
            var padded = segment.IsUnspaced ? segmented[segment].ToString() : string.Concat(" ", segmented[segment], " ");
            Emit(padded, onToken);
        }
    }

    private void Emit(string padded, TokenHandler onToken)
    {
        if (padded.Length <= _min)
        {
            onToken(padded);
            return;
        }

        for (var start = 0; start < padded.Length; start++)
        {
            if (char.IsLowSurrogate(padded[start]))
            {
                continue;
            }

            var end = start;
            for (var n = 1; n <= _max && end < padded.Length; n++)
            {
                end += char.IsHighSurrogate(padded[end]) && end + 1 < padded.Length ? 2 : 1;
                if (n >= _min)
                {
                    onToken(padded.AsSpan(start, end - start));
                }
            }
        }
    }
}
