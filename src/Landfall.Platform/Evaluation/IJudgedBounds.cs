namespace Landfall.Platform.Evaluation;

/// <summary>An estimate with its one-sided bounds, and whether they prove anything.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="Proves">Whether a verdict may rest on the bounds.</param>
public sealed record BoundedValue(double Value, double Low, double High, bool Proves);

/// <summary>Bounds of metrics whose scores are given by someone who errs, or who leaves rows unjudged.</summary>
public interface IJudgedBounds
{
    /// <param name="scores">Pairs of the score and whether the row was judged (1 or 0).</param>
    /// <param name="alpha">The level of each bound.</param>
    BoundedValue Of(IReadOnlyList<double[]> scores, double alpha);
}
