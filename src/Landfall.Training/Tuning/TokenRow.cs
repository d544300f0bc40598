namespace Landfall.Training.Tuning;

/// <summary>An example as the model sees it.</summary>
/// <param name="Tokens">The prompt, and with an answer to learn also the answer and the token that ends it.</param>
/// <param name="AnswerBegin">The index of the first token that is to be predicted (at least 1); without an answer, the number of tokens.</param>
/// <param name="Label">An index into the labels of a classification head; null: the answer is what is learnt.</param>
public sealed record TokenRow(int[] Tokens, int AnswerBegin, int? Label = null)
{
    /// <summary>Positions that it takes in a batch: the last token of an answer is only predicted, never read.</summary>
    public int Length => Label is null ? Tokens.Length - 1 : Tokens.Length;

    /// <summary>What the loss is summed over: tokens of the answer, or the label.</summary>
    public int TargetCount => Label is null ? Tokens.Length - AnswerBegin : 1;
}

/// <summary>Rows to learn from, or to measure with.</summary>
/// <param name="Rows">The rows, in their file's order.</param>
/// <param name="LeftOut">Rows that were left out because they are too long.</param>
/// <param name="Hash">SHA-256 of what they were made of.</param>
public sealed record TokenRows(IReadOnlyList<TokenRow> Rows, int LeftOut, string Hash)
{
    /// <summary>Positions that hold a token.</summary>
    public long TokenCount { get; } = Rows.Sum(r => (long)r.Length);

    /// <summary>The longest row's positions.</summary>
    public int Longest { get; } = Rows.Count == 0 ? 0 : Rows.Max(r => r.Length);
}
