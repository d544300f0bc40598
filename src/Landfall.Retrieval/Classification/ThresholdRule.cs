using System.Globalization;

namespace Landfall.Retrieval.Classification;

/// <summary>When a text is called out of scope.</summary>
public readonly record struct ThresholdRule
{
    private readonly bool _isNone;
    private readonly double? _value;

    private ThresholdRule(bool isNone, double? value)
    {
        _isNone = isNone;
        _value = value;
    }

    /// <summary>
    /// The default. A threshold on the out-of-scope probability, chosen on validation data to maximise in-scope accuracy plus
    /// out-of-scope recall, with both kept from collapsing: a threshold that costs more than a quarter of the in-scope answers
    /// that are right without one is out, and of those whose sum is within one standard error of the best sum, the one is
    /// taken whose smaller part (accuracy as a share of that without a threshold, or recall) is largest. The probabilities
    /// are cross-fitted in five parts, so that the threshold does not trust a fit to the same rows.
    /// </summary>
    public static ThresholdRule Auto { get; }

    /// <summary>No threshold: the most probable class wins, out of scope being one class among the others.</summary>
    public static ThresholdRule None { get; } = new(isNone: true, value: null);

    /// <summary>Whether there is no threshold.</summary>
    public bool IsNone => _isNone;

    /// <summary>The threshold where it was given, 0 to 1.</summary>
    public double? Value => _value;

    /// <summary>Out of scope from this out-of-scope probability on.</summary>
    public static ThresholdRule At(double probability) => probability is >= 0 and <= 1
        ? new ThresholdRule(isNone: false, probability)
        : throw new ArgumentOutOfRangeException(nameof(probability), probability, "A threshold is a probability from 0 to 1.");

    /// <summary>Reads "auto", "none", or a number from 0 to 1.</summary>
    public static bool TryParse(string? text, out ThresholdRule rule)
    {
        (rule, var known) = text?.Trim().ToLowerInvariant() switch
        {
            "auto" => (Auto, true),
            "none" => (None, true),
            { } number when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1 => (At(value), true),
            _ => (Auto, false),
        };
        return known;
    }

    /// <inheritdoc/>
    public override string ToString() => _isNone ? "none" : _value?.ToString(CultureInfo.InvariantCulture) ?? "auto";
}
