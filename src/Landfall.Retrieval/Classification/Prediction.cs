namespace Landfall.Retrieval.Classification;

/// <summary>A text with its label.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The label.</param>
public readonly record struct LabelledText(string Text, string Label);

/// <summary>A label and its probability.</summary>
/// <param name="Label">The label.</param>
/// <param name="Probability">0 to 1.</param>
public readonly record struct ScoredLabel(string Label, double Probability);

/// <summary>A classifier's answer.</summary>
/// <param name="Label">The chosen label.</param>
/// <param name="Probability">Its calibrated probability, 0 to 1.</param>
/// <param name="Alternatives">The most probable labels, best first, at most five.</param>
public sealed record Prediction(string Label, double Probability, IReadOnlyList<ScoredLabel> Alternatives);
