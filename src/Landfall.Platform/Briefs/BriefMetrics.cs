using System.Diagnostics.CodeAnalysis;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Evaluation.Metrics;

namespace Landfall.Platform.Briefs;

/// <summary>The metrics that a brief's targets may name: those of the product that what it asks for allows, and its judges.</summary>
internal sealed class BriefMetrics(IMetricCatalogue metrics, BriefParts parts) : IMetricCatalogue
{
    public IReadOnlyList<string> Names { get; } =
        [.. metrics.Names.Where(name => IsMeasured(name, parts)), .. parts.Judges.Select(judge => judge.Name).OfType<string>().Select(name => BriefJudge.MetricPrefix + name)];

    public bool TryGet(string name, [NotNullWhen(true)] out MetricFacts? facts)
    {
        if (parts.Judges.Find(judge => BriefJudge.MetricPrefix + judge.Name == name) is not { } found)
        {
            return metrics.TryGet(name, out facts) && (IsMeasured(name, parts) || Refuse(out facts));
        }

        var metric = new JudgeMetric(found.ToJudge());
        facts = new MetricFacts(name, metric.Kind, HigherIsBetter: true, metric.Range.Low, metric.Range.High, OutputKinds.All);
        return true;
    }

    /// <summary>What a metric needs in the brief, or null.</summary>
    public static string? NeedOf(string metric) => metric switch
    {
        "pass-hat-k" => "repeats, such as repeats: 4",
        "goal-completion" or "turns" or "turn-latency-ms" => "conversations, such as conversations: { simulator: scripted }",
        _ => null,
    };

    private static bool IsMeasured(string metric, BriefParts parts) => metric switch
    {
        "pass-hat-k" => parts.Repeats is not null,
        "goal-completion" or "turns" or "turn-latency-ms" => parts.Conversations is not null,
        _ => true,
    };

    private static bool Refuse(out MetricFacts? facts)
    {
        facts = null;
        return false;
    }
}
