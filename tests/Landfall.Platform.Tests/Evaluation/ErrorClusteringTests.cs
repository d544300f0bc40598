using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Platform.Evaluation;

namespace Landfall.Platform.Tests.Evaluation;

public sealed class ErrorClusteringTests
{
    [Fact]
    public void Cluster_ConfusedPair_CountsBothWaysAndNamesTheAction()
    {
        var observations = Labels(("billing", "refund", 20), ("refund", "billing", 11), ("router", "speed", 23), ("speed", "speed", 400));
        var clusters = ErrorClustering.Cluster(Examples.Label, observations);
        Assert.Equal(2, clusters.Count);
        Assert.Equal("31 of 54 errors confuse `billing` with `refund`: relabel or add rows", clusters[0].Action);
        Assert.Equal(("billing", "refund", 31, 54, 31), (clusters[0].Expected, clusters[0].Got, clusters[0].Count, clusters[0].Of, clusters[0].Examples.Count));
    }

    [Fact]
    public void Cluster_OutOfScope_IsGroupedByDirection()
    {
        var observations = Labels(("oos", "billing", 3), ("oos", "refund", 2), ("billing", "oos", 4), ("refund", "refund", 9));
        var clusters = ErrorClustering.Cluster(Examples.Label, observations);
        Assert.Equal(
            [
                "5 of 9 errors answer out-of-scope messages as if they were in scope: add such messages to train as `oos`, or raise the threshold",
                "4 of 9 errors turn `billing` away as `oos`: add rows like them to train, or lower the threshold",
            ],
            clusters.Select(c => c.Action));
        Assert.Equal(("oos", "*"), (clusters[0].Expected, clusters[0].Got));
    }

    [Fact]
    public void Cluster_UnseenAndUnknownLabels_AreKindsOfTheirOwn()
    {
        var observations = Labels(("new", "billing", 2), ("billing", "I think billing", 1), ("billing", "billing", 5));
        var clusters = ErrorClustering.Cluster(Examples.Label, observations, new HashSet<string> { "billing" });
        Assert.Equal(
            [
                "2 of 3 errors expect `new`, which train does not have: add rows for it, or correct the label",
                "1 of 3 errors answer with what is no label: name the labels to the model and ask for one of them alone",
            ],
            clusters.Select(c => c.Action));
    }

    [Theory]
    [InlineData("The parcel arrives on Monday morning", "", "give no answer")]
    [InlineData("The parcel arrives on Monday morning", "包裹星期一到", "wrong language")]
    [InlineData("The parcel costs 25 euros today", "The parcel costs 52 euros today", "other numbers")]
    [InlineData("The parcel arrives on Monday morning", "Monday", "less than half")]
    [InlineData("Monday", "Well that depends on many things such as weather", "more than twice")]
    [InlineData("The parcel arrives on Monday morning", "We cannot find your order sadly", "say something else")]
    public void Cluster_Text_IsGroupedByWhatIsWrong(string expected, string got, string what)
    {
        var clusters = ErrorClustering.Cluster(Examples.Text, [Examples.Observation(expected, got), Examples.Observation("same words", "Same words.")]);
        Assert.Contains(what, Assert.Single(clusters).Action, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "are not JSON")]
    [InlineData("""{"b":1}""", "breaks the schema")]
    [InlineData("""{"a":2}""", "other values")]
    public void Cluster_Json_IsGroupedByWhatIsWrong(string got, string what)
    {
        var context = new MetricContext(OutputKind.Json, outputSchema: """{"required":["a"]}""");
        Assert.Contains(what, Assert.Single(ErrorClustering.Cluster(context, [Examples.Observation("""{"a":1}""", got)])).Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Cluster_AnyLabels_CoversEveryErrorOnceInOneOrder() =>
        Gen.Select(Gen.OneOf([.. new[] { "a", "b", "c", "oos" }.Select(Gen.Const)]), Gen.OneOf([.. new[] { "a", "b", "c", "oos", "x" }.Select(Gen.Const)])).Array[0, 40].Sample(
            pairs =>
            {
                Observation[] observations = [.. pairs.Select((p, i) => Examples.Observation(p.Item1, p.Item2, $"row-{i}"))];
                var clusters = ErrorClustering.Cluster(Examples.Label, observations, limit: int.MaxValue);
                var errors = observations.Where(o => o.Row.Expected != o.Got).Select(o => o.Row.Id).Order(StringComparer.Ordinal);
                Assert.Equal(errors, clusters.SelectMany(c => c.Examples).Order(StringComparer.Ordinal));
                Assert.Equal(clusters.Select(c => c.Count).OrderDescending(), clusters.Select(c => c.Count));
                var reversed = ErrorClustering.Cluster(Examples.Label, [.. observations.Reverse()], limit: int.MaxValue);
                Assert.Equal(clusters.Select(c => c.Action), reversed.Select(c => c.Action));
            },
            iter: 300);

    private static List<Observation> Labels(params (string Expected, string Got, int Count)[] groups) =>
        [.. groups.SelectMany((g, i) => Enumerable.Range(0, g.Count).Select(j => Examples.Observation(g.Expected, g.Got, $"{i}-{j}")))];
}
