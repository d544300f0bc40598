using CsCheck;
using Landfall.Retrieval.Duplicates;

namespace Landfall.Retrieval.Tests.Duplicates;

public sealed class NearDuplicatesTests
{
    [Theory]
    [InlineData(0.8, 1)]
    [InlineData(0.8, 2)]
    [InlineData(0.5, 3)]
    [InlineData(0.9, 4)]
    public void Find_PlantedNearDuplicates_FindsWhatComparingAllPairsFinds(double threshold, int seed)
    {
        var texts = Planted(2_000, seed, i => $"w{i}", " ");
        var sets = texts.Select(t => Shingles.Of(t)).ToList();
        var result = NearDuplicates.Find(texts, threshold);

        var exact = AllPairs(sets, threshold);
        Assert.True(exact.Count > 200, $"only {exact.Count} pairs");
        Assert.True(exact.Count(p => result.AreNear(p.First, p.Second)) >= 0.97 * exact.Count);
        Assert.All(result.Pairs, p => Assert.Equal(Shingles.Jaccard(sets[p.First], sets[p.Second]), p.Similarity));
        Assert.All(result.Pairs, p => Assert.True(p.Similarity >= threshold && p.First < p.Second));
    }

    [Fact]
    public void Find_ChineseTexts_FindsWhatComparingAllPairsFinds()
    {
        var texts = Planted(1_000, seed: 5, i => ((char)('\u4E00' + i)).ToString(), "");
        var result = NearDuplicates.Find(texts);
        var exact = AllPairs(texts.Select(t => Shingles.Of(t)).ToList(), 0.8);
        Assert.True(exact.Count > 50, $"only {exact.Count} pairs");
        Assert.True(exact.Count(p => result.AreNear(p.First, p.Second)) >= 0.95 * exact.Count);
    }

    [Fact]
    public void FindGroups_PlantedNearDuplicates_GivesTheGroupsOfFind()
    {
        var texts = Planted(1_500, seed: 8, i => $"w{i}", " ");
        var index = new MinHashIndex();
        texts.ForEach(t => index.Add(t));
        Assert.Equal(index.Find().Groups, index.FindGroups());
    }

    [Fact]
    public void Find_AnyDegreeOfParallelism_GivesTheSame()
    {
        var texts = Planted(1_500, seed: 6, i => $"w{i}", " ");
        var one = NearDuplicates.Find(texts, maxDegreeOfParallelism: 1);
        var four = NearDuplicates.Find(texts, maxDegreeOfParallelism: 4);
        Assert.Equal(one.Pairs, four.Pairs);
        Assert.Equal(one.Groups, four.Groups);
    }

    [Fact]
    public void Find_ManyCopies_GivesOneGroupWithoutAllTheirPairs()
    {
        var texts = Enumerable.Repeat("the very same message again and again", 20_000).Append("another one").ToList();
        var result = NearDuplicates.Find(texts);
        Assert.Equal((19_999, 20_000L), (result.Pairs.Count, result.RowsInGroups));
        Assert.Single(result.Groups);
        Assert.True(result.AreNear(5, 19_000));
        Assert.False(result.AreNear(5, 20_000));
    }

    [Fact]
    public void Find_OneTemplateManyTimes_StaysOneGroup()
    {
        // 5,000 texts that all agree in every band: not all 12 million pairs are compared.
        var shared = string.Join(' ', Enumerable.Range(0, 400).Select(i => $"w{i}"));
        var result = NearDuplicates.Find(Enumerable.Range(0, 5_000).Select(i => $"{shared} {i}").ToList());
        Assert.Equal(5_000, Assert.Single(result.Groups).Count);
        Assert.InRange(result.Pairs.Count, 4_999, 5_000 * 200);
    }

    [Fact]
    public void Find_BlankTexts_AreNearNothing()
    {
        var result = NearDuplicates.Find(["", "  ", "", "a", "b"]);
        Assert.Empty(result.Pairs);
        Assert.False(result.AreNear(0, 2));
    }

    [Fact]
    public void Find_AnyTexts_GroupsAreTheComponentsOfPairs() =>
        Gen.Int[0, 4].Array[1, 8].Select(w => string.Join(' ', w)).Array[0, 60].Sample(texts =>
        {
            var result = NearDuplicates.Find(texts, 0.5, shingleWidth: 1);
            var groups = result.Groups.SelectMany((g, i) => g.Select(index => (index, i))).ToDictionary(p => p.index, p => p.i);
            Assert.Equal(result.RowsInGroups, groups.Count);
            Assert.All(result.Pairs, p => Assert.Equal(groups[p.First], groups[p.Second]));
            Assert.Equal(groups.Keys.Order(), result.Pairs.SelectMany(p => new[] { p.First, p.Second }).Distinct().Order());
        });

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Find_ThresholdOutOfRange_IsRefused(double threshold) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NearDuplicates.Find(["a"], threshold));

    [Fact]
    public void ChooseBands_AnyThreshold_FindsNinetyNinePercentAtIt() =>
        Gen.Double[0.05, 1].Sample(threshold =>
        {
            var (bands, rows) = MinHashIndex.ChooseBands(threshold);
            Assert.InRange(bands * rows, 1, MinHashSignature.Length);
            Assert.True(1 - Math.Pow(1 - Math.Pow(threshold, rows), bands) >= 0.99);
        });

    /// <summary>An unbiased estimate with a standard deviation of sqrt(s (1 - s) / 128) per pair, averaged over 400 pairs.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Compute_TwoSets_AgreesInTheShareOfTheirSimilarity(double similarity)
    {
        var random = new Random(7);
        var agreeing = 0;
        Span<uint> first = stackalloc uint[MinHashSignature.Length];
        Span<uint> second = stackalloc uint[MinHashSignature.Length];
        for (var pair = 0; pair < 400; pair++)
        {
            var all = Enumerable.Range(0, 100).Select(_ => (uint)random.NextInt64()).ToArray();
            var common = (int)(similarity * 100);
            var alone = (100 - common) / 2;
            MinHashSignature.Compute(all.AsSpan(0, common + alone), first);
            MinHashSignature.Compute([.. all.AsSpan(0, common), .. all.AsSpan(common + alone)], second);
            for (var i = 0; i < first.Length; i++)
            {
                agreeing += first[i] == second[i] ? 1 : 0;
            }
        }

        Assert.InRange(agreeing / (400.0 * MinHashSignature.Length), similarity - 0.02, similarity + 0.02);
    }

    /// <summary>Half of the texts are earlier ones with a few words changed.</summary>
    private static List<string> Planted(int count, int seed, Func<int, string> word, string separator)
    {
        var random = new Random(seed);
        var texts = new List<string[]>();
        while (texts.Count < count)
        {
            var text = texts.Count == 0 || random.Next(2) == 0
                ? Enumerable.Range(0, 10 + random.Next(60)).Select(_ => word(random.Next(5_000))).ToArray()
                : (string[])texts[random.Next(texts.Count)].Clone();
            for (var edits = random.Next(3); edits > 0; edits--)
            {
                text[random.Next(text.Length)] = word(random.Next(5_000));
            }

            texts.Add(text);
        }

        return texts.ConvertAll(t => string.Join(separator, t));
    }

    private static List<(int First, int Second)> AllPairs(List<uint[]> sets, double threshold) =>
        (from second in Enumerable.Range(0, sets.Count)
         from first in Enumerable.Range(0, second)
         where Shingles.Jaccard(sets[first], sets[second]) >= threshold
         select (first, second)).ToList();
}
