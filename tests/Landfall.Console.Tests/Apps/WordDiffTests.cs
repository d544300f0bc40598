using CsCheck;
using Landfall.Console.Apps;

namespace Landfall.Console.Tests.Apps;

public sealed class WordDiffTests
{
    // Few words, so that texts have much in common; with blanks, Chinese, a combining mark, an emoji and a lone surrogate.
    private static readonly Gen<string> Texts =
        Gen.OneOf("the", "water", " ", " ", "\n", ".", "12", "停", "水", "e\u0301", "👍🏽", "\ud800").Array[0, 25].Select(string.Concat);

    [Fact]
    public void Compare_AnyTexts_PartsMakeUpBoth() =>
        Gen.Select(Texts, Texts).Sample((expected, got) =>
        {
            var parts = WordDiff.Compare(expected, got);

            Assert.Equal(expected, string.Concat(parts.Where(part => part.Kind != DiffKind.Inserted).Select(part => part.Text)));
            Assert.Equal(got, string.Concat(parts.Where(part => part.Kind != DiffKind.Deleted).Select(part => part.Text)));
            Assert.All(parts, part => Assert.NotEmpty(part.Text));
            Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.NotEqual(pair.First.Kind, pair.Second.Kind));
        });

    [Fact]
    public void Compare_TextWithItself_HasNoChange() =>
        Texts.Sample(text => Assert.All(WordDiff.Compare(text, text), part => Assert.Equal(DiffKind.Same, part.Kind)));

    [Fact]
    public void Compare_WithoutBlanks_KeepsAsMuchAsTheBestOfAllAlignments() =>
        Gen.Select(Gen.OneOf("水", "停", "修").Array[0, 7], Gen.OneOf("水", "停", "修").Array[0, 7]).Sample((expected, got) =>
        {
            var kept = WordDiff.Compare(string.Concat(expected), string.Concat(got)).Where(part => part.Kind == DiffKind.Same).Sum(part => part.Text.Length);

            Assert.Equal(LongestCommon(expected, got), kept);
        });

    [Fact]
    public void Compare_OneWordReplaced_ShowsThatWordOnly()
    {
        var parts = WordDiff.Compare("The water is off until 12:00.", "The water is off until 13:00.");

        Assert.Equal([new(DiffKind.Same, "The water is off until "), new(DiffKind.Deleted, "12"), new(DiffKind.Inserted, "13"), new(DiffKind.Same, ":00.")], parts);
    }

    [Fact]
    public void Compare_Chinese_ComparesCharacters()
    {
        var parts = WordDiff.Compare("周二停水", "周三停水");

        Assert.Equal([new(DiffKind.Same, "周"), new(DiffKind.Deleted, "二"), new(DiffKind.Inserted, "三"), new(DiffKind.Same, "停水")], parts);
    }

    [Fact]
    public void Compare_SeveralWordsReplaced_ShowsOneChange()
    {
        var parts = WordDiff.Compare("It is broken now.", "It was repaired now.");

        Assert.Equal([new(DiffKind.Same, "It "), new(DiffKind.Deleted, "is broken"), new(DiffKind.Inserted, "was repaired"), new(DiffKind.Same, " now.")], parts);
    }

    [Fact]
    public void Compare_VeryLongTexts_ReplacesTheMiddle()
    {
        var expected = "start " + string.Join(' ', Enumerable.Range(0, 5_000)) + " end";
        var got = "start " + string.Join(' ', Enumerable.Range(5_000, 5_000)) + " end";

        var parts = WordDiff.Compare(expected, got);

        Assert.Equal([DiffKind.Same, DiffKind.Deleted, DiffKind.Inserted, DiffKind.Same], parts.Select(part => part.Kind));
    }

    // Every subset of the expected words, longest first.
    private static int LongestCommon(string[] expected, string[] got) =>
        Enumerable.Range(0, 1 << expected.Length)
            .Select(mask => expected.Where((_, index) => (mask >> index & 1) == 1).ToList())
            .Where(subset => IsWithin(subset, got))
            .Max(subset => subset.Count);

    private static bool IsWithin(List<string> subset, string[] words)
    {
        var found = 0;
        foreach (var word in words)
        {
            found += found < subset.Count && subset[found] == word ? 1 : 0;
        }

        return found == subset.Count;
    }
}
