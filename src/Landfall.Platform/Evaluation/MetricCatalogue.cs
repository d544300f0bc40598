using System.Diagnostics.CodeAnalysis;
using Landfall.Platform.Briefs;

namespace Landfall.Platform.Evaluation;

/// <summary>Tells the brief's check what the metrics are.</summary>
internal sealed class MetricCatalogue(MetricRegistry metrics) : IMetricCatalogue
{
    public IReadOnlyList<string> Names { get; } = [.. metrics.Names];

    public bool TryGet(string name, [NotNullWhen(true)] out MetricFacts? facts)
    {
        facts = metrics.Find(name) is { } metric ? FactsOf(metric) : null;
        return facts is not null;
    }

    private static MetricFacts FactsOf(IMetric metric) => new(
        metric.Name,
        metric.Kind,
        metric.HigherIsBetter,
        metric.Range.Low,
        metric.Range.High,
        metric.Outputs,
        metric.NeedsOutOfScope,
        metric.Rows,
        metric.Kind == MetricKind.Quantile ? metric.Probability : 0);
}
