using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;

namespace Landfall.Platform.Tests.Evaluation;

public sealed class ComparisonsTests
{
    private static readonly MetricRegistry s_metrics = MetricRegistry.BuiltIn;

    [Fact]
    public void Compare_ThreeCandidates_TestsEveryPairOfQualityMetricsOnly()
    {
        var brief = Examples.Brief(OutputKind.Label, Examples.AtLeast("accuracy", 0.9), Examples.AtLeast("macro-f1", 0.8), Examples.AtMost("latency-p95-ms", 20));
        var comparisons = Comparisons.Compare(brief, s_metrics, [Candidate("a", 90), Candidate("b", 80), Candidate("c", 80)]);
        Assert.Equal(
            [("accuracy", "a", "b"), ("accuracy", "a", "c"), ("accuracy", "b", "c"), ("macro-f1", "a", "b"), ("macro-f1", "a", "c"), ("macro-f1", "b", "c")],
            comparisons.Select(c => (c.Metric, c.A, c.B)));
        Assert.Equal(0.1, comparisons[0].Difference, 1e-12);

        // Ten rows for a alone: 2 / 2^10 uncorrected, at most six times that by Holm; b and c are the same.
        Assert.InRange(comparisons[0].P, 2 / 1024.0, 12 / 1024.0);
        Assert.Equal(1, comparisons[2].P);
        Assert.Equal(comparisons, Comparisons.Compare(brief, s_metrics, [Candidate("a", 90), Candidate("b", 80), Candidate("c", 80)]));
    }

    [Fact]
    public void Compare_NoQualityTarget_TakesTheMainMetric() => Assert.Equal(
        "accuracy", Comparisons.MetricsOf(Examples.Brief(OutputKind.Label, Examples.AtMost("latency-p95-ms", 20)), s_metrics).Single().Name);

    [Fact]
    public void Compare_OtherRows_IsRefused()
    {
        var brief = Examples.Brief(OutputKind.Label, Examples.AtLeast("accuracy", 0.9));
        var other = Candidate("b", 80);
        other = other with { Scores = other.Scores.ToDictionary(s => s.Key, s => (IReadOnlyList<ScoredRow>)[.. s.Value.Reverse()]) };
        Assert.Contains("measure both again", Assert.Throws<ArgumentException>(() => Comparisons.Compare(brief, s_metrics, [Candidate("a", 90), other])).Message, StringComparison.Ordinal);
    }

    private static CandidateScores Candidate(string name, int right)
    {
        Observation[] observations = [.. Enumerable.Range(0, 100).Select(i => Examples.Observation($"l{i % 5}", i < right ? $"l{i % 5}" : "l0x", $"row-{i}"))];
        return new CandidateScores(name, s_metrics.All.Where(m => m.Outputs.Contains(OutputKind.Label)).ToDictionary(m => m.Name, m => ScoredRow.Of(m, Examples.Label, observations)));
    }
}
