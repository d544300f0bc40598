using CsCheck;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets;

public sealed class DatasetSplitterTests
{
    private static readonly Dictionary<string, string> NoFields = [];

    /// <summary>Few texts and few labels, so that copies and contradictions are frequent.</summary>
    private static readonly Gen<Row[]> Rows = Gen.Select(Gen.Int[0, 200], Gen.Int[0, 5], Gen.OneOf("", " ", "?", "!"))
        .Select((text, label, end) => CanonicalRow.Create($"Text {text}{end}", $"label {label}", NoFields)).Array[0, 300];

    [Fact]
    public void Split_AnyRows_GivesEachTextOnce() =>
        Gen.Select(Rows, Gen.Double[0, 0.9], Gen.Int).Sample((rows, share, seed) =>
        {
            var split = DatasetSplitter.Split(rows, share, seed);
            Assert.Equal(rows.Length, split.Train.Count + split.Validation.Count + split.Duplicates);
            Assert.Equal(Keys(rows).Distinct().Order(), Keys(split.Train.Concat(split.Validation)).Order());
            Assert.Empty(split.Train.Select(r => TextNormalizer.Normalize(r.Text)).Intersect(split.Validation.Select(r => TextNormalizer.Normalize(r.Text))));
        });

    [Fact]
    public void Split_AnyOrder_GivesTheSameSides() =>
        Gen.Select(Rows, Gen.Double[0, 0.9], Gen.Int).Sample((rows, share, seed) =>
        {
            var split = DatasetSplitter.Split(rows, share, seed);
            var reversed = DatasetSplitter.Split(rows.Reverse().ToList(), share, seed);
            Assert.Equal(split.Train.Select(r => r.Id).Order(StringComparer.Ordinal), reversed.Train.Select(r => r.Id).Order(StringComparer.Ordinal));
            Assert.Equal(split.Validation.Select(r => r.Id).Order(StringComparer.Ordinal), reversed.Validation.Select(r => r.Id).Order(StringComparer.Ordinal));
        });

    [Fact]
    public void Split_Classes_EachKeepsItsShareAndARowInTrain() =>
        Gen.Select(Gen.Int[1, 60].Array[1, 20], Gen.Double[0.05, 0.5], Gen.Int).Sample((sizes, share, seed) =>
        {
            var rows = sizes.SelectMany((size, label) => Enumerable.Range(0, size).Select(i => CanonicalRow.Create($"text {label} {i}", $"label {label}", NoFields))).ToList();
            if (2 * sizes.Length > rows.Count && sizes.Length > 1)
            {
                return;
            }

            var split = DatasetSplitter.Split(rows, share, seed);
            for (var label = 0; label < sizes.Length; label++)
            {
                var train = split.Train.Count(r => r.Expected == $"label {label}");
                Assert.InRange(train, 1, sizes[label]);
                Assert.True(Math.Abs(sizes[label] - train - (sizes[label] * share)) < 1, $"{sizes[label]} rows, {train} in train, share {share}");
            }
        });

    [Fact]
    public void Split_Groups_AreNeverTorn() =>
        Gen.Select(Gen.Select(Gen.Int[0, 100], Gen.Int[0, 3], Gen.Int[0, 40]).Array[1, 300], Gen.Double[0, 0.9], Gen.Int).Sample((drawn, share, seed) =>
        {
            var rows = drawn.Select(d => CanonicalRow.Create($"text {d.Item1}", $"label {d.Item2}", d.Item3 < 20 ? new Dictionary<string, string> { ["group"] = $"g{d.Item3}" } : NoFields)).ToList();
            var split = DatasetSplitter.Split(rows, share, seed);
            Assert.Empty(Groups(split.Train).Intersect(Groups(split.Validation)));
            Assert.Equal(rows.Count, split.Train.Count + split.Validation.Count + split.Duplicates);
            Assert.Empty(split.Train.Select(r => TextNormalizer.Normalize(r.Text)).Intersect(split.Validation.Select(r => TextNormalizer.Normalize(r.Text))));

            static IEnumerable<string> Groups(IEnumerable<Row> part) => part.Select(r => r.Fields.GetValueOrDefault("group")).OfType<string>();
        });

    [Fact]
    public void Split_SmallGroups_StillFillTheShare()
    {
        var rows = Enumerable.Range(0, 400).Select(i => CanonicalRow.Create($"text {i}", $"label {i % 4}", new Dictionary<string, string> { ["group"] = $"g{i / 4}" })).ToList();
        Assert.InRange(DatasetSplitter.Split(rows, 0.2, seed: 3).Validation.Count, 76, 84);
    }

    [Fact]
    public void Split_Seeds_GiveDifferentSplits()
    {
        var rows = Enumerable.Range(0, 200).Select(i => CanonicalRow.Create($"text {i}", $"label {i % 4}", NoFields)).ToList();
        var first = DatasetSplitter.Split(rows, 0.2, 1).Validation.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        var second = DatasetSplitter.Split(rows, 0.2, 2).Validation.Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        Assert.Equal((40, 40), (first.Count, second.Count));
        Assert.False(first.SetEquals(second));
    }

    [Fact]
    public void Split_OneObjectTwice_IsACopy()
    {
        var row = CanonicalRow.Create("text", "label", NoFields);
        var split = DatasetSplitter.Split([row, row], 0.5, 1);
        Assert.Equal((1, 0, 1), (split.Train.Count, split.Validation.Count, split.Duplicates));
    }

    [Fact]
    public void Split_AnswersOfTheirOwn_AreSplitAsOneClass()
    {
        var rows = Enumerable.Range(0, 100).Select(i => CanonicalRow.Create($"question {i}", $"answer {i}", NoFields)).ToList();
        Assert.Equal(20, DatasetSplitter.Split(rows, 0.2, 1).Validation.Count);
    }

    [Fact]
    public void DropCopiesOf_TestRows_LeavesNoCopy() =>
        Gen.Select(Rows, Rows).Sample((test, train) =>
        {
            var left = DatasetSplitter.DropCopiesOf(test, train);
            var tested = test.Select(r => TextNormalizer.Normalize(r.Text)).ToHashSet(StringComparer.Ordinal);
            Assert.Equal(train.Where(r => !tested.Contains(TextNormalizer.Normalize(r.Text))), left.Rows);
            Assert.Equal(train.Length, left.Rows.Count + left.Dropped.Count);
        });

    private static IEnumerable<string> Keys(IEnumerable<Row> rows) => rows.Select(r => $"{TextNormalizer.Normalize(r.Text)}|{r.Expected}");
}
