using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation.Metrics;

/// <summary>The mean number of tokens of a request, prompt and completion together.</summary>
public sealed class Tokens : IMetric
{
    public string Name => "tokens";

    public MetricKind Kind => MetricKind.Mean;

    public ValueRange Range => ValueRange.NonNegative;

    public IReadOnlyList<OutputKind> Outputs => OutputKinds.All;

    public bool HigherIsBetter => false;

    public bool IsQuality => false;

    public double[]? Score(Observation observation, MetricContext context) => [observation.Tokens];
}
