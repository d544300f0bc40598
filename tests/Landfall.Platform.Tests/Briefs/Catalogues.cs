using System.Diagnostics.CodeAnalysis;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;

namespace Landfall.Platform.Tests.Briefs;

/// <summary>The metrics and techniques of the first release, as far as briefs see them.</summary>
internal sealed class TestMetrics : IMetricCatalogue
{
    private static readonly OutputKind[] s_all = Enum.GetValues<OutputKind>();
    private static readonly OutputKind[] s_texts = [OutputKind.Text, OutputKind.CitedAnswer];

    private readonly Dictionary<string, MetricFacts> _metrics = new MetricFacts[]
    {
        new("accuracy", MetricKind.Proportion, HigherIsBetter: true, 0, 1, [OutputKind.Label]),
        new("macro-f1", MetricKind.Corpus, HigherIsBetter: true, 0, 1, [OutputKind.Label]),
        new("in-scope-accuracy", MetricKind.Proportion, HigherIsBetter: true, 0, 1, [OutputKind.Label], NeedsOutOfScope: true, MeasuredRows.InScope),
        new("out-of-scope-recall", MetricKind.Proportion, HigherIsBetter: true, 0, 1, [OutputKind.Label, .. s_texts], NeedsOutOfScope: true, MeasuredRows.OutOfScope),
        new("out-of-scope-precision", MetricKind.Proportion, HigherIsBetter: true, 0, 1, [OutputKind.Label, .. s_texts], NeedsOutOfScope: true, MeasuredRows.Answered),
        new("exact-match", MetricKind.Proportion, HigherIsBetter: true, 0, 1, s_all),
        new("token-f1", MetricKind.Mean, HigherIsBetter: true, 0, 1, s_texts),
        new("rouge-l", MetricKind.Mean, HigherIsBetter: true, 0, 1, s_texts),
        new("bleu", MetricKind.Corpus, HigherIsBetter: true, 0, 100, s_texts),
        new("chrf", MetricKind.Corpus, HigherIsBetter: true, 0, 100, s_texts),
        new("json-validity", MetricKind.Proportion, HigherIsBetter: true, 0, 1, [OutputKind.Json]),
        new("latency-p50-ms", MetricKind.Quantile, HigherIsBetter: false, 0, double.PositiveInfinity, s_all, Quantile: 0.5),
        new("latency-p95-ms", MetricKind.Quantile, HigherIsBetter: false, 0, double.PositiveInfinity, s_all, Quantile: 0.95),
        new("tokens", MetricKind.Mean, HigherIsBetter: false, 0, double.PositiveInfinity, s_all),
        new("cost-per-1k-requests-usd", MetricKind.Mean, HigherIsBetter: false, 0, double.PositiveInfinity, s_all),
    }.ToDictionary(m => m.Name);

    public IReadOnlyList<string> Names => [.. _metrics.Keys];

    public bool TryGet(string name, [NotNullWhen(true)] out MetricFacts? facts) => _metrics.TryGetValue(name, out facts);
}

internal sealed class TestTechniques : ITechniqueCatalogue
{
    private static readonly Dictionary<string, string[]> s_techniques = new() { ["nearest"] = ["neighbours"], ["linear"] = ["threshold", "epochs"] };

    public IReadOnlyList<string> Names => [.. s_techniques.Keys];

    public bool TryGetSettings(string name, [NotNullWhen(true)] out IReadOnlyCollection<string>? settings)
    {
        settings = s_techniques.GetValueOrDefault(name);
        return settings is not null;
    }

    public string? WhyUnfit(string name, Brief brief) => name == "linear" && brief.Output != OutputKind.Label ? "it answers with labels only." : null;
}
