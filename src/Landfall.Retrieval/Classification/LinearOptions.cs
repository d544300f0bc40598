namespace Landfall.Retrieval.Classification;

/// <summary>How a <see cref="LinearClassifier"/> is trained.</summary>
public sealed record LinearOptions
{
    /// <summary>The label of texts that are out of scope; rows of it in train are a class. Null (default): there is none.</summary>
    public string? OutOfScopeLabel { get; init; }

    /// <summary>When a text is called out of scope; default <see cref="ThresholdRule.Auto"/>. Without meaning where there is no such label.</summary>
    public ThresholdRule Threshold { get; init; } = ThresholdRule.Auto;

    /// <summary>Any number. The same rows, options and seed give the same artifact, byte by byte.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The cost C of an error against the size of the weights, above 0. Null (default): the best of 0.3, 1 and 3 on
    /// validation data, or 1 where the data are too many to try.
    /// </summary>
    public double? Cost { get; init; }

    /// <summary>How many features are kept at most, the most frequent first: 1 to 4,194,304; default 262,144.</summary>
    public int MaxFeatures { get; init; } = 1 << 18;

    internal void Validate(string parameter)
    {
        if (Cost is { } cost && !(cost > 0 && double.IsFinite(cost)))
        {
            throw new ArgumentException($"{nameof(Cost)} must be above 0; found {cost}.", parameter);
        }

        if (MaxFeatures is < 1 or > 1 << 22)
        {
            throw new ArgumentException($"{nameof(MaxFeatures)} must be from 1 to 4194304; found {MaxFeatures}.", parameter);
        }
    }
}
