using System.Globalization;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Judging;
using Landfall.Platform.Evaluation.Statistics;
using Landfall.Platform.Landings;
using Landfall.Protocol.Reports;
using Landfall.StubEndpoint;

namespace Landfall.Platform.Tests.Evaluation.Judging;

public sealed class AnswerJudgesTests
{
    private const string Pass = """{"reason": "it is right", "verdict": "pass"}""";
    private const string Fail = """{"reason": "it is wrong", "verdict": "fail"}""";

    [Fact]
    public async Task JudgeAsync_StoredVerdicts_AreNotPaidForAgain()
    {
        await using var host = await JudgingHost.StartAsync(_ => new StubAnswer(Pass));
        var observations = Enumerable.Range(0, 7).Select(i => JudgingHost.Observation(i)).ToList();
        var first = await host.JudgeAsync(JudgingHost.Judge(), observations);
        var second = await host.JudgeAsync(JudgingHost.Judge(), observations);
        Assert.All(first.Concat(second), o => Assert.Equal(1, o.Judgements["right"].Score));
        Assert.Equal(7, host.Stub.Billing.Requests);
        Assert.NotNull(first[0].Judgements["right"].Votes[0].Call);
    }

    [Fact]
    public async Task JudgeAsync_AnotherRubric_IsAnotherVerdict()
    {
        await using var host = await JudgingHost.StartAsync(request => new StubAnswer(request.Instruction.Contains("strict", StringComparison.Ordinal) ? Fail : Pass));
        Assert.Equal(1, (await host.JudgeAsync(JudgingHost.Judge(), [JudgingHost.Observation(1)]))[0].Judgements["right"].Score);
        Assert.Equal(0, (await host.JudgeAsync(JudgingHost.Judge(rubric: "Be strict."), [JudgingHost.Observation(1)]))[0].Judgements["right"].Score);
    }

    [Fact]
    public async Task JudgeAsync_Nonsense_IsAskedOnceMoreWithTheProblemThenCountedAsUnjudged()
    {
        // Of ten answers two are judged with nonsense at first and two always.
        await using var host = await JudgingHost.StartAsync(request =>
        {
            var isAgain = request.Messages.Any(m => m.Text.Contains("cannot be read", StringComparison.Ordinal));
            var number = NumberOf(request.Messages.First(m => m.Role == "user").Text);
            return new StubAnswer(number < 2 || (number < 4 && !isAgain) ? "I think it is fine." : Pass);
        });
        var judged = await host.JudgeAsync(JudgingHost.Judge(), [.. Enumerable.Range(0, 10).Select(i => JudgingHost.Observation(i))]);
        Assert.Equal(14, host.Stub.Billing.Requests);
        Assert.Equal([null, null, 1, 1, 1, 1, 1, 1, 1, 1], judged.Select(o => o.Judgements["right"].Score));
        Assert.Contains("not one JSON object", judged[0].Judgements["right"].Votes[0].Problem, StringComparison.Ordinal);

        // Eight of eight passed, two unknown: the lower bound takes those as failed.
        var metric = new JudgeMetric(JudgingHost.Judge());
        var scores = judged.Select(o => metric.Score(o, Examples.Text)!).ToList();
        var bounded = metric.Of(scores, 0.05);
        Assert.Equal(1, bounded.Value);
        Assert.Equal(0.8 * Binomial.LowerBound(8, 8, 0.05), bounded.Low, 12);
        Assert.Equal(1, bounded.High, 12);
        Assert.Equal(1, JudgeReportOf(host, JudgingHost.Judge(), judged) is { Unjudged: 2, Judged: 10, Warning: not null } ? 1 : 0);
    }

    [Fact]
    public async Task JudgeAsync_PairwiseJudgeThatPrefersTheFirst_IsATieWithItsBiasReported()
    {
        await using var host = await JudgingHost.StartAsync(_ => new StubAnswer("""{"reason": "the first", "better": "A"}"""));
        var judge = JudgingHost.Judge(JudgeScale.Pairwise);
        var judged = await host.JudgeAsync(judge, [.. Enumerable.Range(0, 20).Select(i => JudgingHost.Observation(i))]);
        Assert.All(judged, o => Assert.Equal(0.5, o.Judgements["right"].Score));
        var report = JudgeReportOf(host, judge, judged);
        Assert.Equal(1, report.FirstPreferred!.Value);
        Assert.True(report.FirstPreferred.Low > 0.9);
    }

    [Fact]
    public async Task JudgeAsync_PairwiseJudgeWithoutBias_PrefersTheBetterInBothOrders()
    {
        await using var host = await JudgingHost.StartAsync(request =>
            new StubAnswer($$"""{"better": "{{(request.Question.IndexOf("good", StringComparison.Ordinal) < request.Question.IndexOf("poor", StringComparison.Ordinal) ? "A" : "B")}}"}"""));
        var judge = JudgingHost.Judge(JudgeScale.Pairwise);
        var judged = await host.JudgeAsync(judge, [.. Enumerable.Range(0, 10).Select(i => JudgingHost.Observation(i, "good answer", "poor answer"))]);
        Assert.All(judged, o => Assert.Equal(1, o.Judgements["right"].Score));
        Assert.Equal(0.5, JudgeReportOf(host, judge, judged).FirstPreferred!.Value);
    }

    [Fact]
    public async Task JudgeAsync_SeveralVotes_AreCallsOfTheirOwnAndTheMajorityDecides()
    {
        var asked = 0;
        await using var host = await JudgingHost.StartAsync(_ => new StubAnswer(Interlocked.Increment(ref asked) % 3 == 0 ? Fail : Pass));
        var judged = await host.JudgeAsync(JudgingHost.Judge(votes: 3), [JudgingHost.Observation(1)]);
        Assert.Equal(3, host.Stub.Billing.Requests);
        Assert.Equal(3, judged[0].Judgements["right"].Votes.Count);
        Assert.Equal(1, judged[0].Judgements["right"].Score);
    }

    [Fact]
    public async Task CalibrateAsync_JudgeWithKnownErrorRates_CorrectsTheShare()
    {
        // The judge passes nine of ten good answers and fails seven of ten bad ones. 60% of 500 test answers are good.
        await using var host = await JudgingHost.StartAsync(request =>
        {
            var number = NumberOf(request.Question);
            var isGood = request.Question.Contains("good", StringComparison.Ordinal);
            return new StubAnswer((isGood ? number % 10 != 0 : number % 10 < 3) ? Pass : Fail);
        });
        var rows = Enumerable.Range(0, 200).Select(i => JudgingHost.Observation(i, expected: $"{(i < 100 ? "good" : "bad")} answer {i}").Row with
        {
            Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["human"] = i < 100 ? "pass" : "fail" },
        }).ToList();
        var evidence = await host.Judges.CalibrateAsync(host.Panel(JudgingHost.Judge()), rows, CancellationToken.None);
        Assert.Equal(new JudgeCalibration(100, 90, 100, 70), evidence.Table());

        var judge = JudgingHost.Judge() with { Evidence = evidence };
        var judged = await host.JudgeAsync(judge, [.. Enumerable.Range(0, 500).Select(i => JudgingHost.Observation(i, i < 300 ? "good" : "bad"))]);
        var metric = new JudgeMetric(judge);
        var rowsScored = judged.Select(o => new ScoredRow(o.Row, metric.Score(o, Examples.Text))).ToList();
        var report = TargetJudge.Judge(Examples.AtLeast("judge:right", 0.5), metric, rowsScored, candidates: 1, earlierLooks: 0);

        // 270 + 60 of 500 pass; (.66 + .7 - 1) / (.9 + .7 - 1) = .6.
        Assert.Equal(0.6, report.Value, 1e-9);
        Assert.Equal(CorrectedShare.LowerBound(330, 500, evidence.Table(), 0.05), report.Low);
        Assert.True(report.Low < Binomial.LowerBound(330, 500, 0.05) && report.Low < 0.56);
        Assert.Equal(Verdict.Undecided, TargetJudge.Judge(Examples.AtLeast("judge:right", 0.62), metric, rowsScored, 1, 0).Verdict);

        var shown = JudgeReportOf(host, judge, judged);
        Assert.Equal((0.9, 0.7), (shown.Sensitivity!.Value, shown.Specificity!.Value));
        Assert.Equal(0.6, shown.AgreementWithHumans!.Value!.Value, 1e-9);
        Assert.Null(shown.Warning);
    }

    [Fact]
    public async Task Open_EndpointThatIsNotSet_SaysWhatToDo()
    {
        await using var host = await JudgingHost.StartAsync(_ => new StubAnswer(Pass));
        var refused = Assert.Throws<Landfall.Platform.Runs.RunFailedException>(() => host.Panel(JudgingHost.Judge() with { Endpoints = ["nobody"] }));
        Assert.Contains("'right' asks the endpoint 'nobody'", refused.Message, StringComparison.Ordinal);
    }

    private static JudgeReport JudgeReportOf(JudgingHost host, BriefJudge judge, IReadOnlyList<Observation> judged)
    {
        var panel = new JudgePanel(judge, host.Panel(judge).Members);
        var brief = new JudgedBrief(JudgingHost.Brief(judge), new Dictionary<string, JudgePanel>(StringComparer.Ordinal) { [judge.Name] = panel });
        return Assert.Single(JudgeReports.Of(brief, [new JudgedCandidate("one", judged)]));
    }

    /// <summary>The number of the question that is judged.</summary>
    private static int NumberOf(string text) =>
        int.Parse(new string([.. text[(text.IndexOf("question ", StringComparison.Ordinal) + 9)..].TakeWhile(char.IsAsciiDigit)]), CultureInfo.InvariantCulture);
}
