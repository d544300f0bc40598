using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Evaluation;

/// <summary>A measured candidate's scores.</summary>
/// <param name="Name">The candidate.</param>
/// <param name="Scores">By metric name, the test rows in one order for all candidates.</param>
public sealed record CandidateScores(string Name, IReadOnlyDictionary<string, IReadOnlyList<ScoredRow>> Scores);

/// <summary>Paired tests of candidates on the same examples.</summary>
public static class Comparisons
{
    /// <summary>
    /// Every pair of candidates by every quality metric of the brief's targets (by the output's main metric when they name
    /// none), on the whole test set, with p-values corrected by Holm over all of them.
    /// </summary>
    /// <exception cref="ArgumentException">Candidates were not measured on the same rows.</exception>
    public static IReadOnlyList<ComparisonReport> Compare(Brief brief, MetricRegistry metrics, IReadOnlyList<CandidateScores> candidates)
    {
        var comparisons = new List<ComparisonReport>();
        foreach (var metric in MetricsOf(brief, metrics))
        {
            var measured = candidates.Where(candidate => candidate.Scores.ContainsKey(metric.Name)).ToArray();
            for (var i = 0; i < measured.Length; i++)
            {
                for (var j = i + 1; j < measured.Length; j++)
                {
                    comparisons.Add(Compare(metric, measured[i], measured[j]));
                }
            }
        }

        var adjusted = Holm.Adjust([.. comparisons.Select(comparison => comparison.P)]);
        return [.. comparisons.Select((comparison, i) => comparison with { P = adjusted[i] })];
    }

    /// <summary>The metrics that candidates are compared by.</summary>
    public static IReadOnlyList<IMetric> MetricsOf(Brief brief, MetricRegistry metrics)
    {
        var quality = brief.Targets.Select(target => metrics.Of(brief).Get(target.Metric)).Where(metric => metric.IsQuality).DistinctBy(metric => metric.Name, StringComparer.Ordinal).ToArray();
        return quality.Length > 0 ? quality : [metrics.Main(brief.Output)];
    }

    /// <summary>
    /// The two-sided p-value of the paired test: McNemar's where every example is right or wrong for both, else the paired
    /// permutation test, in which an example that counts for one side only is swapped as well.
    /// </summary>
    public static double PValue(IMetric metric, IReadOnlyList<double[]?> a, IReadOnlyList<double[]?> b)
    {
        var bothCount = a.Zip(b).All(pair => (pair.First is null) == (pair.Second is null));
        if (metric.Kind == MetricKind.Proportion && bothCount)
        {
            var pairs = a.Zip(b).Where(pair => pair.First is not null).Select(pair => (A: pair.First![0] > 0.5, B: pair.Second![0] > 0.5)).ToArray();
            return McNemar.PValue(pairs.LongCount(pair => pair.A && !pair.B), pairs.LongCount(pair => pair.B && !pair.A));
        }

        var scores = new List<double[]>(2 * a.Count);
        var indexes = new (int A, int B)[a.Count];
        var differing = new bool[a.Count];
        for (var i = 0; i < a.Count; i++)
        {
            indexes[i] = (Add(scores, a[i]), Add(scores, b[i]));
            differing[i] = !a[i].AsSpan().SequenceEqual(b[i]);
        }

        return scores.Count == 0 ? 1 : PairedPermutation.PValue(metric.Statistic(scores), indexes, differing);
    }

    private static int Add(List<double[]> scores, double[]? score)
    {
        if (score is null)
        {
            return -1;
        }

        scores.Add(score);
        return scores.Count - 1;
    }

    private static ComparisonReport Compare(IMetric metric, CandidateScores a, CandidateScores b)
    {
        IReadOnlyList<ScoredRow> left = a.Scores[metric.Name], right = b.Scores[metric.Name];
        if (!left.Select(row => row.Row.Id).SequenceEqual(right.Select(row => row.Row.Id), StringComparer.Ordinal))
        {
            throw new ArgumentException($"'{a.Name}' and '{b.Name}' were not measured by {metric.Name} on the same rows in the same order: measure both again.", nameof(b));
        }

        double[]?[] first = [.. left.Select(row => row.Score)], second = [.. right.Select(row => row.Score)];
        return new ComparisonReport(a.Name, b.Name, metric.Name, Value(metric, first) - Value(metric, second), PValue(metric, first, second));
    }

    private static double Value(IMetric metric, double[]?[] scores)
    {
        double[][] counted = [.. scores.OfType<double[]>()];
        return counted.Length == 0 ? 0 : metric.Statistic(counted).Value();
    }
}
