using System.Text;
using System.Text.Json;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Text;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// The share of answers that equal the expected one: character by character after Unicode's canonical composition and
/// without white space around them; JSON answers as values, whatever their spacing and the order of their properties.
/// </summary>
public sealed class ExactMatch : IMetric
{
    public string Name => "exact-match";

    public MetricKind Kind => MetricKind.Proportion;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public string CacheKey(MetricContext context) => $"{Name}/1/{context.Output}{context.ScopeKey}";

    public double[]? Score(Observation observation, MetricContext context) =>
        [Matches(observation.Row.Expected, observation.Got, context) ? 1 : 0];

    private static bool Matches(string expected, string got, MetricContext context) =>
        string.Equals(Canonical(expected), Canonical(got), StringComparison.Ordinal)
        || (context.Output == OutputKind.Label && context.SameLabel(expected, got))
        || (context.Output == OutputKind.Json && SameJson(expected, got));

    private static string Canonical(string text) => WellFormed.Mend(text).Trim().Normalize(NormalizationForm.FormC);

    private static bool SameJson(string expected, string got)
    {
        try
        {
            using var left = JsonDocument.Parse(expected);
            using var right = JsonDocument.Parse(got);
            return JsonElement.DeepEquals(left.RootElement, right.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
