using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation.Judging;

namespace Landfall.Platform.Tests.Evaluation.Judging;

public sealed class JudgeAnswerTests
{
    [Theory]
    [InlineData(JudgeScale.PassFail, """{"reason": "right", "verdict": "pass"}""", 1)]
    [InlineData(JudgeScale.PassFail, """ {"verdict": "fail"} """, 0)]
    [InlineData(JudgeScale.OneToFive, """{"score": 4, "reason": "good"}""", 4)]
    [InlineData(JudgeScale.Pairwise, """{"better": "A"}""", 1)]
    [InlineData(JudgeScale.Pairwise, """{"better": "B"}""", 0)]
    [InlineData(JudgeScale.Pairwise, """{"better": "tie"}""", 0.5)]
    public void Read_TheForm_IsTheScore(JudgeScale scale, string text, double score)
    {
        var answer = JudgeAnswer.Read(text, scale);
        Assert.Equal(score, answer.Score);
        Assert.Null(answer.Problem);
    }

    [Theory]
    [InlineData(JudgeScale.PassFail, "pass")]
    [InlineData(JudgeScale.PassFail, """Sure! {"verdict": "pass"}""")]
    [InlineData(JudgeScale.PassFail, """{"verdict": "Pass"}""")]
    [InlineData(JudgeScale.PassFail, """{"verdict": true}""")]
    [InlineData(JudgeScale.PassFail, """{"verdict": "pass", "verdict": "fail"}""")]
    [InlineData(JudgeScale.PassFail, """{"score": 1}""")]
    [InlineData(JudgeScale.PassFail, """["pass"]""")]
    [InlineData(JudgeScale.OneToFive, """{"score": 6}""")]
    [InlineData(JudgeScale.OneToFive, """{"score": 3.5}""")]
    [InlineData(JudgeScale.OneToFive, """{"score": "5"}""")]
    [InlineData(JudgeScale.Pairwise, """{"better": "C"}""")]
    [InlineData(JudgeScale.Pairwise, "")]
    public void Read_AnythingElse_IsNonsenseWithItsProblem(JudgeScale scale, string text)
    {
        var answer = JudgeAnswer.Read(text, scale);
        Assert.Null(answer.Score);
        Assert.NotNull(answer.Problem);
    }

    [Fact]
    public void Read_AnyText_NeverThrows() =>
        Gen.Select(Gen.String, Gen.Enum<JudgeScale>(), Gen.Bool).Sample(
            (text, scale, wrap) =>
            {
                var answer = JudgeAnswer.Read(wrap ? $$"""{"verdict": "{{text}}", "score": {{text}}}""" : text, scale);
                Assert.True(answer.Score is null == answer.Problem is not null);
            },
            iter: 2_000);

    [Theory]
    [InlineData(new[] { 1.0, 1, 0 }, 1.0)]
    [InlineData(new[] { 1.0, 0 }, 0.0)]
    [InlineData(new[] { 1.0, double.NaN }, 1.0)]
    [InlineData(new[] { 1.0, double.NaN, double.NaN }, null)]
    [InlineData(new[] { double.NaN }, null)]
    public void Judgement_OfVotes_IsTheMajorityOfThoseThatCanBeRead(double[] scores, double? expected)
    {
        var votes = scores.Select((score, i) => new JudgeVote("one", i, IsSwapped: false, double.IsNaN(score) ? null : score, null, null, null)).ToList();
        Assert.Equal(expected, Judgement.Of(JudgeScale.PassFail, votes, 0).Score);
    }
}
