using CsCheck;
using Landfall.Retrieval.Duplicates;

namespace Landfall.Retrieval.Tests.Duplicates;

public sealed class ShinglesTests
{
    [Theory]
    [InlineData("one two three four five", 3)]
    [InlineData("one two", 1)]
    [InlineData("a b a b a b", 2)]
    [InlineData("我的银行卡在哪里", 6)]
    [InlineData("我的 card 在哪里", 4)]
    [InlineData("𠮷野家", 1)]
    [InlineData("?!", 1)]
    [InlineData("  ", 0)]
    public void Of_Text_HasOneShingleForEachRunOfThreeWords(string text, int count) => Assert.Equal(count, Shingles.Of(text).Length);

    [Theory]
    [InlineData("Where is MY card?", "where, is my  card")]
    [InlineData("ÜBER die Brücke", "über die brücke!")]
    [InlineData("我的卡在哪里", "我的卡，在哪里？")]
    public void Of_CaseAndPunctuation_DoNotMatter(string first, string second) => Assert.Equal(Shingles.Of(first), Shingles.Of(second));

    [Fact]
    public void Of_AnyText_IsAscendingWithoutCopies() =>
        Gen.Select(Gen.String, Gen.Int[1, 5]).Sample((text, width) =>
        {
            var shingles = Shingles.Of(text, width);
            Assert.Equal(shingles.Distinct().Order(), shingles);
        });

    [Fact]
    public void Jaccard_AnySets_IsIntersectionOverUnion() =>
        Gen.Select(Gen.UInt[0, 30].Array[0, 20], Gen.UInt[0, 30].Array[0, 20]).Sample((first, second) =>
        {
            var union = first.Union(second).Count();
            var expected = union == 0 ? 0 : (double)first.Intersect(second).Count() / union;
            Assert.Equal(expected, Shingles.Jaccard(first.Distinct().Order().ToArray(), second.Distinct().Order().ToArray()));
        });
}
