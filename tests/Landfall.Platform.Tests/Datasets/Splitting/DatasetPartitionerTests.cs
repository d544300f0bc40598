using CsCheck;
using Landfall.Platform.Datasets;
using Landfall.Platform.Datasets.Splitting;
using Landfall.Platform.Runs;

namespace Landfall.Platform.Tests.Datasets.Splitting;

public sealed class DatasetPartitionerTests
{
    private static readonly Gen<List<Row>> Rows = Gen.Select(Gen.Int[0, 400], Gen.Int[0, 4], Gen.Int[0, 60])
        .Select((text, label, group) => CanonicalRow.Create($"{Words(text)}", $"label {label}", group < 30 ? new Dictionary<string, string> { ["group"] = $"g{group}" } : []))
        .List[20, 200];

    private static readonly Gen<PartitionOptions> Options = Gen.Select(Gen.Double[0.05, 0.4], Gen.Double[0, 0.3], Gen.Bool, Gen.Int)
        .Select((test, validation, stratify, seed) => new PartitionOptions(test, validation, "group", stratify, Time: null, seed));

    [Fact]
    public void Divide_AnyRows_TearsNoGroupAndNoText() => Gen.Select(Rows, Options).Sample((rows, options) =>
    {
        var parts = Parts(rows, options);
        Assert.Equal(rows.Count, parts.Sum(p => p.Count));
        for (var i = 0; i < parts.Length; i++)
        {
            for (var j = i + 1; j < parts.Length; j++)
            {
                Assert.Empty(Groups(parts[i]).Intersect(Groups(parts[j])));
                Assert.Empty(parts[i].Select(r => TextNormalizer.Normalize(r.Text)).Intersect(parts[j].Select(r => TextNormalizer.Normalize(r.Text))));
            }
        }
    }, iter: 60);

    [Fact]
    public void Divide_AnyRows_MissesSharesByLessThanTheLargestUnit() => Gen.Select(Rows, Options).Sample((rows, options) =>
    {
        var partition = DatasetPartitioner.Divide(rows, options with { Stratify = false }, CancellationToken.None);
        Assert.True(Math.Abs(partition.Test.Count - (options.Test * rows.Count)) <= partition.LargestUnit + 1);
        Assert.True(Math.Abs(partition.Validation.Count - (options.Validation * rows.Count)) <= partition.LargestUnit + 1);
    }, iter: 60);

    [Fact]
    public void Divide_AnyOrder_GivesTheSameParts() => Gen.Select(Rows, Options).Sample((rows, options) =>
    {
        var first = Parts(rows, options);
        var again = Parts([.. rows], options);
        Assert.All(first.Zip(again), pair => Assert.Equal(pair.First.Select(r => r.Id), pair.Second.Select(r => r.Id)));
    }, iter: 20);

    [Fact]
    public void Divide_Stratified_KeepsEachLabelsShare()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => CanonicalRow.Create(Words(i), $"label {(i % 10 == 0 ? 1 : i % 3 + 2)}", new Dictionary<string, string>())).ToList();
        var partition = DatasetPartitioner.Divide(rows, new PartitionOptions(0.2, 0.1, "group", Stratify: true, Time: null, Seed: 7), CancellationToken.None);
        foreach (var label in rows.CountBy(r => r.Expected))
        {
            Assert.InRange(partition.Test.Count(r => r.Expected == label.Key), (0.2 * label.Value) - 2, (0.2 * label.Value) + 2);
            Assert.InRange(partition.Validation.Count(r => r.Expected == label.Key), (0.1 * label.Value) - 2, (0.1 * label.Value) + 2);
        }
    }

    [Fact]
    public void Divide_ByTime_TestsOnTheNewest()
    {
        var rows = Enumerable.Range(0, 100).Select(i => CanonicalRow.Create(Words(i), "a", new Dictionary<string, string> { ["at"] = new DateOnly(2026, 1, 1).AddDays(i * 37 % 100).ToString("o") })).ToList();
        var partition = DatasetPartitioner.Divide(rows, new PartitionOptions(0.2, 0.1, "group", Stratify: false, "at", Seed: 0), CancellationToken.None);
        Assert.Equal((70, 10, 20), (partition.Train.Count, partition.Validation.Count, partition.Test.Count));
        Assert.True(string.CompareOrdinal(partition.Train.Max(r => r.Fields["at"]), partition.Validation.Min(r => r.Fields["at"])) < 0);
        Assert.True(string.CompareOrdinal(partition.Validation.Max(r => r.Fields["at"]), partition.Test.Min(r => r.Fields["at"])) < 0);
    }

    [Fact]
    public void Divide_RowWithoutATime_SaysWhichAndHowToWriteIt()
    {
        var rows = new List<Row> { CanonicalRow.Create("a", "b", new Dictionary<string, string> { ["at"] = "yesterday" }) };
        var error = Assert.Throws<RunFailedException>(() => DatasetPartitioner.Divide(rows, new PartitionOptions(0.2, 0, "group", Stratify: false, "at", Seed: 0), CancellationToken.None));
        Assert.Contains("Row 1: the field 'at' is 'yesterday'", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Row>[] Parts(List<Row> rows, PartitionOptions options)
    {
        var partition = DatasetPartitioner.Divide(rows, options, CancellationToken.None);
        return [partition.Train, partition.Validation, partition.Test];
    }

    private static IEnumerable<string> Groups(IEnumerable<Row> part) => part.Select(r => r.Fields.GetValueOrDefault("group")).OfType<string>();

    /// <summary>Texts that are unlike each other.</summary>
    private static string Words(int number)
    {
        var random = new Random(number);
        return string.Join(' ', Enumerable.Range(0, 6).Select(_ => string.Concat(Enumerable.Range(0, 6).Select(_ => (char)('a' + random.Next(26))))));
    }
}
