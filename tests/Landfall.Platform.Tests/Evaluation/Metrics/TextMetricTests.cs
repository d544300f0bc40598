using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;

namespace Landfall.Platform.Tests.Evaluation.Metrics;

public sealed class TextMetricTests
{
    // Lin 2004, section 3.1: S1 police killed the gunman, S2 police kill the gunman, S3 the gunman kill police.
    [Theory]
    [InlineData("police killed the gunman", "police kill the gunman", 3.0 / 4)]
    [InlineData("police killed the gunman", "the gunman kill police", 2.0 / 4)]
    [InlineData("police killed the gunman", "Police, the gunman!", 2.0 * 3 / 7)]
    [InlineData("police killed the gunman", "", 0)]
    [InlineData("", "", 1)]
    [InlineData("警察击毙枪手", "警察枪手", 2.0 * 4 / 10)]
    public void RougeL_Pair_IsF1OfLongestCommonSubsequence(string expected, string got, double value) =>
        Assert.Equal(value, Examples.Value("rouge-l", Examples.Text, (expected, got)), 1e-6);

    // Bags of tokens: common 2 of 3 and 4, F1 = 2 * 2 / 7; articles and punctuation do not count.
    [Theory]
    [InlineData("The Eiffel Tower, Paris", "an eiffel tower in France", 2.0 * 2 / 7)]
    [InlineData("the cat", "A cat.", 1)]
    [InlineData("yes yes no", "yes no no", 2.0 * 2 / 6)]
    [InlineData("it's", "its", 1)]
    [InlineData("the", "a", 1)]
    [InlineData("the", "cat", 0)]
    [InlineData("北京市。", "在北京", 2.0 * 2 / 6)]
    public void TokenF1_Pair_FollowsSquad(string expected, string got, double value) =>
        Assert.Equal(value, Examples.Value("token-f1", Examples.Text, (expected, got)), 1e-6);

    [Theory]
    [InlineData("yes", " yes\n", true)]
    [InlineData("café", "cafe\u0301", true)]
    [InlineData("yes", "Yes", false)]
    public void ExactMatch_Text_IsStrictButForSpaceAndComposition(string expected, string got, bool same) =>
        Assert.Equal(same ? 1 : 0, Examples.Value("exact-match", Examples.Text, (expected, got)));

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [1, 2], "a": 1.0 }""", true)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", false)]
    [InlineData("""{"a":1}""", "no json", false)]
    public void ExactMatch_Json_ComparesValues(string expected, string got, bool same) =>
        Assert.Equal(same ? 1 : 0, Examples.Value("exact-match", new MetricContext(OutputKind.Json), (expected, got)));

    [Theory]
    [InlineData("""{"intent":"refund","amount":3}""", 1)]
    [InlineData("""{"intent":"refund"}""", 1)]
    [InlineData("""{"intent":"other"}""", 0)]
    [InlineData("""{"amount":3}""", 0)]
    [InlineData("""```json {"intent":"refund"} ```""", 0)]
    [InlineData("", 0)]
    public void JsonValidity_Answer_FitsSchemaOrNot(string got, double value)
    {
        var context = new MetricContext(OutputKind.Json, outputSchema:
            """{"type":"object","required":["intent"],"properties":{"intent":{"enum":["refund","billing"]},"amount":{"type":"integer","minimum":0}}}""");
        Assert.Equal(value, Examples.Value("json-validity", context, ("", got)));
    }

    [Theory]
    [InlineData("abc \ud83d")]
    [InlineData("\udc00")]
    [InlineData("\0")]
    public void Score_BrokenUnicode_DoesNotThrow(string got)
    {
        foreach (var metric in MetricRegistry.BuiltIn.All)
        {
            _ = metric.Score(Examples.Observation("我 the answer", got), Examples.Text);
            _ = metric.Score(Examples.Observation(got, "我 the answer"), Examples.Text);
        }
    }
}
