namespace Landfall.Platform.Tests.Evaluation.Metrics;

public sealed class LabelMetricTests
{
    private static readonly (string, string)[] s_answers =
    [
        ("billing", "billing"), ("billing", "refund"), ("billing", "oos"), ("refund", "refund"),
        ("oos", "oos"), ("oos", "Sorry, I cannot help with that."), ("oos", "billing"), ("oos", "oos"),
    ];

    [Theory]
    [InlineData("accuracy", 5.0 / 8)]
    [InlineData("in-scope-accuracy", 2.0 / 4)]
    [InlineData("out-of-scope-recall", 3.0 / 4)]
    [InlineData("out-of-scope-precision", 3.0 / 4)]
    // billing: 1 hit, 3 expected, 2 given: 2/5; refund: 1, 1, 2: 2/3; oos: 3, 4, 4: 6/8.
    [InlineData("macro-f1", (2.0 / 5 + 2.0 / 3 + 6.0 / 8) / 3)]
    public void Value_Labels_IsAsCountedByHand(string metric, double value) =>
        Assert.Equal(value, Examples.Value(metric, Examples.Label, s_answers), 1e-12);

    [Fact]
    public void Score_RowOfTheOtherScope_DoesNotCount()
    {
        var metrics = Landfall.Platform.Evaluation.MetricRegistry.BuiltIn;
        Assert.Null(metrics.Get("in-scope-accuracy").Score(Examples.Observation("oos", "oos"), Examples.Label));
        Assert.Null(metrics.Get("out-of-scope-recall").Score(Examples.Observation("billing", "oos"), Examples.Label));
        Assert.Null(metrics.Get("out-of-scope-precision").Score(Examples.Observation("oos", "billing"), Examples.Label));
    }

    [Fact]
    public void CacheKey_OtherOutOfScopeLabel_Differs()
    {
        var metric = Landfall.Platform.Evaluation.MetricRegistry.BuiltIn.Get("in-scope-accuracy");
        var other = new Landfall.Platform.Evaluation.MetricContext(Landfall.Platform.Briefs.OutputKind.Label, "none");
        Assert.NotEqual(metric.CacheKey(Examples.Label), metric.CacheKey(other));
    }
}
