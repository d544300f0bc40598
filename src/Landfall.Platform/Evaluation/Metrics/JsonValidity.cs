using System.Text.Json;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>
/// The share of answers that are one JSON value and nothing around it, and that fit the brief's schema where there is one.
/// </summary>
public sealed class JsonValidity : IMetric
{
    public string Name => "json-validity";

    public MetricKind Kind => MetricKind.Proportion;

    public ValueRange Range => ValueRange.Fraction;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.Json;

    public string CacheKey(MetricContext context) => $"{Name}/1/{context.SchemaHash}";

    public double[]? Score(Observation observation, MetricContext context)
    {
        try
        {
            using var answer = JsonDocument.Parse(observation.Got);
            return [context.Schema?.WhyInvalid(answer.RootElement) is null ? 1 : 0];
        }
        catch (JsonException)
        {
            return [0];
        }
    }
}
