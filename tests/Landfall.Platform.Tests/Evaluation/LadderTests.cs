using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation;

public sealed class LadderTests
{
    private static readonly Target[] s_targets = [Examples.AtLeast("accuracy", 0.9), Examples.AtMost("latency-p95-ms", 20)];

    [Fact]
    public void Choose_SeveralMeetAll_TakesTheCheapest()
    {
        var outcome = Ladder.Choose(s_targets, [Measured("a", 0.8, 5), Measured("b", 0.95, 9), Measured("c", 0.99, 9)]);
        Assert.Equal("b", outcome.Release?.Name);
        Assert.Null(outcome.Obstacle);
    }

    [Fact]
    public void Choose_NoneMeetsAll_NamesTheTargetThatFewestMeet()
    {
        var outcome = Ladder.Choose(s_targets, [Measured("a", 0.80, 5), Measured("b", 0.85, 9), Measured("c", 0.95, 90)]);
        Assert.Null(outcome.Release);
        Assert.Equal("b", outcome.Nearest?.Name);

        // Accuracy is met by one of three, latency by two.
        Assert.Equal(("accuracy", "b", 0.85, Verdict.Missed), (outcome.Obstacle!.Metric, outcome.Obstacle.Candidate, outcome.Obstacle.Value, outcome.Obstacle.Verdict));
        Assert.Contains("`b` reaches accuracy 0.85 on 100 of the test rows, where at least 0.9 is asked for", outcome.Obstacle.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_Undecided_AsksForRows()
    {
        var candidate = Measured("a", 0.93, 5);
        candidate = candidate with { Targets = [candidate.Targets[0] with { Verdict = Verdict.Undecided, MoreExamples = 1_240 }, candidate.Targets[1]] };
        Assert.EndsWith("add about 1,240 test rows to prove it", Ladder.Choose(s_targets, [candidate]).Obstacle!.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_NothingMeasured_SaysWhy()
    {
        var failed = Measured("a", 0, 0) with { Status = CandidateStatus.Failed, Reason = "the disk is full.", Targets = [] };
        var obstacle = Ladder.Choose(s_targets, [failed]).Obstacle!;
        Assert.Null(obstacle.Candidate);
        Assert.Contains("`a`: the disk is full", obstacle.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_EightCandidatesJustUnderTheBound_SeldomReleasesOne()
    {
        var target = Examples.AtLeast("accuracy", 0.9);
        var metric = MetricRegistry.BuiltIn.Get("accuracy");
        Assert.InRange(FalseReleases(1_000, target, metric, 600, (ref SplitMix64 random) => random.Fraction() < 0.8995 ? 1 : 0), 0, 50);
    }

    [Fact]
    public void Choose_EightCandidatesJustOverALatency_SeldomReleasesOne()
    {
        // Exponential latencies with a 95% quantile of 3 ms against at most 2.99.
        var target = Examples.AtMost("latency-p95-ms", 2.99);
        var metric = MetricRegistry.BuiltIn.Get("latency-p95-ms");
        var rate = -Math.Log(0.05) / 3;
        Assert.InRange(FalseReleases(1_000, target, metric, 400, (ref SplitMix64 random) => -Math.Log(1 - random.Fraction()) / rate), 0, 50);
    }

    [Fact]
    public void Choose_EightCandidatesWithScoresJustUnderTheBound_SeldomReleasesOne()
    {
        // Skewed scores with mean 0.9 against 0.901, by the bootstrap.
        var target = Examples.AtLeast("token-f1", 0.901);
        var metric = MetricRegistry.BuiltIn.Get("token-f1");
        Assert.InRange(FalseReleases(250, target, metric, 200, Statistics.BootstrapTests.Score), 0, 25 * 250 / 400);
    }

    private delegate double Draw(ref SplitMix64 random);

    private static int FalseReleases(int landings, Target target, IMetric metric, int rows, Draw draw)
    {
        const int candidates = 8;
        var random = new SplitMix64(2026);
        var released = 0;
        for (var landing = 0; landing < landings; landing++)
        {
            var reports = new CandidateReport[candidates];
            for (var c = 0; c < candidates; c++)
            {
                var scores = new double[rows];
                for (var i = 0; i < rows; i++)
                {
                    scores[i] = draw(ref random);
                }

                reports[c] = Measured($"c{c}", TargetJudge.Judge(target, metric, Examples.Scored(scores), candidates, earlierLooks: 0));
            }

            released += Ladder.Choose([target], reports).Release is null ? 0 : 1;
        }

        return released;
    }

    private static CandidateReport Measured(string name, double accuracy, double latency) => Measured(
        name,
        Report(s_targets[0], accuracy, accuracy >= 0.9),
        Report(s_targets[1], latency, latency <= 20));

    private static CandidateReport Measured(string name, params TargetReport[] targets) =>
        new() { Name = name, Technique = name, Hash = name, Status = CandidateStatus.Measured, Targets = targets };

    private static TargetReport Report(Target target, double value, bool met) => new()
    {
        Metric = target.Metric,
        On = "test",
        Bound = target.Bound,
        Direction = target.Direction,
        Confidence = target.Confidence,
        Value = value,
        Low = value,
        High = value,
        N = 100,
        Verdict = met ? Verdict.Met : Verdict.Missed,
    };
}
