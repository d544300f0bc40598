using Landfall.Platform.Briefs;
using Landfall.Platform.Candidates;
using Landfall.Platform.Evaluation;
using Landfall.Platform.Evaluation.Metrics;
using Landfall.Platform.Tests.Evaluation;
using Landfall.Platform.Tests.Evaluation.Judging;
using Landfall.StubEndpoint;

namespace Landfall.Platform.Tests.Candidates;

public sealed class RepeatedAnswersTests
{
    [Fact]
    public async Task GetAsync_CandidateThatVaries_IsAskedAnewEachTimeAndOnceForAll()
    {
        // Every third call is answered wrongly.
        var calls = 0;
        await using var host = await JudgingHost.StartAsync(_ => new StubAnswer(Interlocked.Increment(ref calls) % 3 == 0 ? "no" : "yes"));
        var rows = Enumerable.Range(0, 6).Select(i => JudgingHost.Observation(i, expected: "yes").Row).ToList();
        var nothing = new Progress<double>();
        var first = await host.Get<CandidateAnswers>().GetAsync(JudgingHost.Candidate, rows, nothing, CancellationToken.None);
        var repeated = await host.Get<RepeatedAnswers>().GetAsync(JudgingHost.Candidate, attempts: 4, first, nothing, CancellationToken.None);
        var again = await host.Get<RepeatedAnswers>().GetAsync(JudgingHost.Candidate, attempts: 4, first, nothing, CancellationToken.None);

        Assert.Equal(24, host.Stub.Billing.Billed.Count);
        Assert.All(repeated, o => Assert.Equal(4, o.Attempts.Count));
        Assert.Equal(8, repeated.Sum(o => o.Attempts.Count(attempt => attempt.Got == "no")));
        Assert.Equal(repeated.SelectMany(o => o.Attempts.Select(attempt => attempt.Got)), again.SelectMany(o => o.Attempts.Select(attempt => attempt.Got)));
    }

    [Theory]
    [InlineData(1, 0.75)]
    [InlineData(2, 0.5)]
    [InlineData(4, 0)]
    public void PassHatK_ThreeOfFourRight_IsTheEstimatorsShare(int k, double expected)
    {
        var brief = Examples.Brief(OutputKind.Text) with { Repeats = new Repeats(k, 4, "exact-match") };
        var first = JudgingHost.Observation(1, "yes") with { Got = "the answer" };
        var observation = first with { Attempts = [first, first, first with { Got = "no" }, first] };
        Assert.Equal(expected, new PassHatKMetric().Score(observation, MetricContext.Of(brief))![0], 12);
    }

    [Fact]
    public void PassHatK_WithoutRepeats_DoesNotCount() =>
        Assert.Null(new PassHatKMetric().Score(JudgingHost.Observation(1), Examples.Text));
}
