namespace Landfall.Inference.Tokenizers;

/// <summary>A text and the pieces of it that a model turns into tokens one by one.</summary>
/// <param name="text">The text that the pieces are ranges of.</param>
/// <param name="atBeginning">Whether the text is the beginning of what was to be encoded.</param>
internal sealed class TextPieces(string text, bool atBeginning)
{
    public string Text { get; } = text;

    public bool AtBeginning { get; } = atBeginning;

    /// <summary>Start and end of each piece, in order; none is empty.</summary>
    public List<(int Start, int End)> Ranges { get; private set; } = [];

    /// <summary>The whole text as one piece.</summary>
    public static TextPieces Whole(string text, bool atBeginning)
    {
        var pieces = new TextPieces(text, atBeginning);
        pieces.Add(0, text.Length);
        return pieces;
    }

    public void Add(int start, int end)
    {
        if (end > start)
        {
            Ranges.Add((start, end));
        }
    }

    /// <summary>The pieces of this text cut further.</summary>
    public TextPieces Cut(PieceSplitter splitter)
    {
        var cut = new TextPieces(Text, AtBeginning) { Ranges = new(Ranges.Count) };
        foreach (var (start, end) in Ranges)
        {
            splitter(cut, start, end);
        }

        return cut;
    }
}

/// <summary>Cuts a range of a text: adds the pieces of it to <paramref name="pieces"/>.</summary>
internal delegate void PieceSplitter(TextPieces pieces, int start, int end);
