namespace Landfall.Inference.Constraints;

/// <summary>A schema, pattern or list of choices cannot be kept to: it is malformed, impossible, or uses what is not supported.</summary>
/// <param name="place">Where: a JSON pointer into the schema, a position in the pattern.</param>
/// <param name="problem">What was found and what to do, as a sentence.</param>
public sealed class ConstraintException(string place, string problem) : InferenceException($"{place}: {problem}")
{
    /// <summary>Where: a JSON pointer into the schema ("#/properties/age"), or a position in the pattern.</summary>
    public string Place { get; } = place;
}
