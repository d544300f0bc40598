using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Protocol.Reports;

namespace Landfall.Platform.Tests.Evaluation;

public sealed class TargetJudgeTests
{
    private static readonly IMetric s_accuracy = MetricRegistry.BuiltIn.Get("accuracy");
    private static readonly IMetric s_tokenF1 = MetricRegistry.BuiltIn.Get("token-f1");

    [Theory]
    [InlineData(58, 58, Verdict.Undecided)]
    [InlineData(59, 59, Verdict.Met)]
    [InlineData(30, 59, Verdict.Missed)]
    public void Judge_Accuracy95_NeedsProof(int right, int n, Verdict verdict) =>
        Assert.Equal(verdict, TargetJudge.Judge(Examples.AtLeast("accuracy", 0.95), s_accuracy, Examples.Scored(right, n), 1, 0).Verdict);

    [Theory]
    // 0.95^n <= 0.05 / (candidates * (looks + 1)): n >= 59, 99, 113.
    [InlineData(8, 0, 99)]
    [InlineData(8, 1, 113)]
    [InlineData(1, 1, 72)]
    public void Judge_SeveralCandidatesAndLooks_DividesAlpha(int candidates, int looks, int rows)
    {
        var target = Examples.AtLeast("accuracy", 0.95);
        Assert.Equal(Verdict.Met, TargetJudge.Judge(target, s_accuracy, Examples.Scored(rows, rows), candidates, looks).Verdict);
        var fewer = TargetJudge.Judge(target, s_accuracy, Examples.Scored(rows - 1, rows - 1), candidates, looks);
        Assert.Equal(Verdict.Undecided, fewer.Verdict);
        Assert.Equal(1, fewer.MoreExamples);
    }

    [Fact]
    public void Judge_AtMost_MirrorsAtLeast() => Gen.Int[1, 400].SelectMany(n => Gen.Select(Gen.Int[0, n], Gen.Const(n))).Sample(
        (right, n) =>
        {
            var least = TargetJudge.Judge(Examples.AtLeast("accuracy", 0.9), s_accuracy, Examples.Scored(right, n), 3, 0);
            var most = TargetJudge.Judge(Examples.AtMost("accuracy", 0.1), s_accuracy, Examples.Scored(n - right, n), 3, 0);
            Assert.Equal(least.Verdict, most.Verdict);
            Assert.Equal(least.MoreExamples, most.MoreExamples);
            Assert.Equal(least.Low, 1 - most.High, 1e-9);
        },
        iter: 200);

    [Fact]
    public void Judge_MoreExamplesOfAProportion_DecideFourTimesInFive()
    {
        var target = Examples.AtLeast("accuracy", 0.9);
        var report = TargetJudge.Judge(target, s_accuracy, Examples.Scored(275, 300), 1, 0);
        Assert.Equal(Verdict.Undecided, report.Verdict);
        var more = (int)report.MoreExamples!.Value;
        var random = new SplitMix64(3);
        var met = 0;
        for (var s = 0; s < 400; s++)
        {
            var right = 275;
            for (var i = 0; i < more; i++)
            {
                right += random.Fraction() < 275 / 300.0 ? 1 : 0;
            }

            met += Binomial.LowerBound(right, 300 + more, 0.05) >= 0.9 ? 1 : 0;
        }

        Assert.InRange(met / 400.0, 0.73, 0.87);
    }

    [Fact]
    public void Judge_EstimateOnTheBound_CannotSayHowManyMore()
    {
        var report = TargetJudge.Judge(Examples.AtLeast("accuracy", 0.9), s_accuracy, Examples.Scored(90, 100), 1, 0);
        Assert.Equal((Verdict.Undecided, null), (report.Verdict, report.MoreExamples));
    }

    [Fact]
    public void Judge_AlikeRows_GiveNoMet()
    {
        var perfect = Examples.Scored(Enumerable.Repeat(1.0, 5_000));
        Assert.Equal(Verdict.Undecided, TargetJudge.Judge(Examples.AtLeast("token-f1", 0.5), s_tokenF1, perfect, 1, 0).Verdict);
        var cost = MetricRegistry.BuiltIn.Get("cost-per-1k-requests-usd");
        Assert.Equal(Verdict.Undecided, TargetJudge.Judge(Examples.AtMost(cost.Name, 0.5), cost, Examples.Scored(Enumerable.Repeat(0.0, 500)), 1, 0).Verdict);

        // Nothing right on 500 rows does disprove 0.5; nothing right on one row does not.
        Assert.Equal(Verdict.Missed, TargetJudge.Judge(Examples.AtLeast("token-f1", 0.5), s_tokenF1, Examples.Scored(new double[500]), 1, 0).Verdict);
        Assert.Equal(Verdict.Undecided, TargetJudge.Judge(Examples.AtLeast("token-f1", 0.5), s_tokenF1, Examples.Scored(new double[1]), 1, 0).Verdict);
    }

    [Fact]
    public void Judge_FewRowsThatDifferLittle_ProveNothing()
    {
        // Five good rows do not rule out that two rows of five score 0; the bootstrap alone would.
        var report = TargetJudge.Judge(Examples.AtLeast("token-f1", 0.7), s_tokenF1, Examples.Scored([0.9, 0.95, 1, 1, 1]), 1, 0);
        Assert.Equal(Verdict.Undecided, report.Verdict);
        Assert.InRange(report.MoreExamples ?? 0, 1, 30);
    }

    [Theory]
    [InlineData(0.80, Verdict.Met)]
    [InlineData(0.89, Verdict.Undecided)]
    [InlineData(0.97, Verdict.Missed)]
    public void Judge_Mean_UsesTheBootstrap(double bound, Verdict verdict)
    {
        var random = new SplitMix64(5);
        var scores = new double[400];
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = BootstrapScore(ref random);
        }

        var report = TargetJudge.Judge(Examples.AtLeast("token-f1", bound), s_tokenF1, Examples.Scored(scores), 4, 0);
        Assert.Equal(verdict, report.Verdict);
        Assert.Equal(verdict == Verdict.Undecided, report.MoreExamples is > 0);
        Assert.InRange(report.Value, report.Low, report.High);
    }

    [Theory]
    [InlineData(58, 10, Verdict.Undecided)]
    [InlineData(59, 10, Verdict.Met)]
    [InlineData(59, 0.5, Verdict.Missed)]
    public void Judge_LatencyQuantile_UsesOrderStatistics(int n, double bound, Verdict verdict)
    {
        var metric = MetricRegistry.BuiltIn.Get("latency-p95-ms");
        var report = TargetJudge.Judge(Examples.AtMost(metric.Name, bound), metric, Examples.Scored(Enumerable.Range(0, n).Select(i => 1 + (i / 100.0))), 1, 0);
        Assert.Equal(verdict, report.Verdict);
        Assert.Equal(n == 58 ? 1 : null, report.MoreExamples);
    }

    [Fact]
    public void Judge_Slice_CutsRowsFirst()
    {
        ScoredRow[] rows =
        [
            .. Enumerable.Range(0, 80).Select(i => new ScoredRow(Examples.Row("x", $"zh{i}", ("language", "zh")), [1])),
            .. Enumerable.Range(0, 80).Select(i => new ScoredRow(Examples.Row("x", $"en{i}", ("language", "en")), [0])),
        ];
        var chinese = TargetJudge.Judge(Examples.AtLeast("accuracy", 0.9, on: new Slice("language", "zh")), s_accuracy, rows, 1, 0);
        Assert.Equal((Verdict.Met, 80, "language=zh"), (chinese.Verdict, chinese.N, chinese.On));
        var none = TargetJudge.Judge(Examples.AtLeast("accuracy", 0.9, on: new Slice("language", "fr")), s_accuracy, rows, 1, 0);
        Assert.Equal((Verdict.Undecided, 0, null), (none.Verdict, none.N, none.MoreExamples));
    }

    private static double BootstrapScore(ref SplitMix64 random) => Statistics.BootstrapTests.Score(ref random);
}
