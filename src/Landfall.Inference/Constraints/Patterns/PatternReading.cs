namespace Landfall.Inference.Constraints.Patterns;

/// <summary>What a pattern says of a text.</summary>
internal enum PatternReading
{
    /// <summary>The whole text matches.</summary>
    Whole,

    /// <summary>It is found somewhere in the text, as in JSON Schema.</summary>
    Search,

    /// <summary>
    /// As <see cref="Search"/>, and <c>.</c>, <c>\d</c>, <c>\w</c> and the like hold all that they hold for any engine, where the
    /// others keep to what they hold for each.
    /// </summary>
    WidestSearch,
}
