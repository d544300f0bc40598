using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Evaluation.Metrics;

public sealed class MetricRegistryTests
{
    [Fact]
    public void Names_BuiltIn_AreThoseOfBriefs() => Assert.Equal(
        [
            "accuracy", "macro-f1", "in-scope-accuracy", "out-of-scope-recall", "out-of-scope-precision", "exact-match", "token-f1",
            "rouge-l", "bleu", "chrf", "json-validity", "latency-p50-ms", "latency-p95-ms", "tokens", "cost-per-1k-requests-usd",
            "pass-hat-k", "goal-completion", "turns", "turn-latency-ms",
        ],
        MetricRegistry.BuiltIn.Names);

    [Fact]
    public void For_BriefWithoutRepeatsOrConversations_LeavesTheirMetricsOut()
    {
        var brief = Examples.Brief(OutputKind.Text);
        string[] further = ["pass-hat-k", "goal-completion", "turns", "turn-latency-ms"];
        Assert.DoesNotContain(MetricRegistry.BuiltIn.For(brief), metric => further.Contains(metric.Name));
        Assert.Contains(MetricRegistry.BuiltIn.For(brief with { Repeats = new Repeats(1, 1, "exact-match") }), metric => metric.Name == "pass-hat-k");
        Assert.Equal(further[1..], MetricRegistry.BuiltIn.For(brief with { Conversations = new ConversationPlan(null, 4, GoalCheck.Contains, null, 1) }).Select(metric => metric.Name).Intersect(further));
    }

    [Theory]
    [InlineData("acuracy", "accuracy")]
    [InlineData("Macro_F1", "macro-f1")]
    [InlineData("rougel", "rouge-l")]
    [InlineData("latency-p59-ms", "latency-p50-ms")]
    [InlineData("recall", "out-of-scope-recall")]
    [InlineData("cost", "cost-per-1k-requests-usd")]
    [InlineData("perplexity of the moon", null)]
    public void Nearest_Typo_FindsTheNameMeant(string typed, string? name) => Assert.Equal(name, MetricRegistry.BuiltIn.Nearest(typed));

    [Fact]
    public void For_LabelBriefWithoutOutOfScope_LeavesItsMetricsOut()
    {
        var names = MetricRegistry.BuiltIn.For(Examples.Brief(OutputKind.Label) with { Scope = null }).Select(m => m.Name);
        Assert.Equal(["accuracy", "macro-f1", "exact-match", "latency-p50-ms", "latency-p95-ms", "tokens", "cost-per-1k-requests-usd"], names);
    }

    [Fact]
    public void AddEvaluation_Twice_RegistersEachMetricOnce()
    {
        using var provider = new ServiceCollection().AddEvaluation().AddEvaluation().BuildServiceProvider();
        Assert.Equal(MetricRegistry.BuiltIn.Names, provider.GetRequiredService<MetricRegistry>().Names);
    }
}
