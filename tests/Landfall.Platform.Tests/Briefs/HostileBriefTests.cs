using CsCheck;
using Landfall.Platform.Briefs;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Tests.Briefs;

/// <summary>Briefs come from anywhere: no text may make the parser throw, hang or eat memory.</summary>
public sealed class HostileBriefTests(BriefFolder folder) : IClassFixture<BriefFolder>
{
    private static readonly string[] s_seeds = [BriefTexts.Minimal, BriefTexts.Full, .. BriefTemplates.All.Select(t => t.Text)];

    private static readonly string[] s_snippets =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "? ", "&a ", "*a", "!!str ", "!x ", "|", ">", "'", "\"", "\\", "\"\\ud800\"", "\"\\0\"", "%", "%YAML 1.1\n", "---", "...", "#",
        "\t", "\n", "\r", "\r\n", "\u0085", "\u2028", "\uFEFF", "\0", "~", "null", "<<: ", ".nan", "1e999", "0x1F", "@", "`", "\ud83d", "\ude00", "😀", "  ", ",", "key: value\n",
        "on: [a", "at-least: ", "techniques:\n  - x: {y: {z: 1}}\n", "=", "&a [*a]", "|9\n", ">-2\n",
    ];

    public static TheoryData<string> Bombs =>
    [
        "large", "long-key", "deep-flow", "deep-mapping", "deep-block", "deep-explicit-keys", "many-keys", "many-anchors", "quotes", "dashes", "colons", "question-marks", "open-quote", "tags", "comment", "spaces", "folded",
    ];

    [Fact]
    public void Parse_RandomMutations_NeverThrows()
    {
        var edit = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 3], OneOf(s_snippets), Gen.Int[0, 40]);
        Gen.Select(OneOf(s_seeds), edit.Array[1, 8], Mutate).Sample(
            text =>
            {
                var parsed = BriefParser.Parse(text);
                Assert.Equal(parsed.Brief is null, parsed.Problems.Any(p => p.Severity == Severity.Error));
                Assert.All(parsed.Problems, p => Assert.InRange(p.Line, 0, text.Split('\n', '\r', '\u0085', '\u2028', '\u2029').Length + 1));
            },
            time: 4);
    }

    [Fact]
    public void Parse_RandomText_NeverThrows() =>
        Gen.OneOf(OneOf(s_snippets), Gen.String[0, 5]).Array[0, 60].Select(string.Concat).Sample(text => _ = BriefParser.Parse(text), time: 2);

    [Fact]
    public async Task Check_RandomMutations_NeverThrows()
    {
        var edit = Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 3], OneOf(s_snippets), Gen.Int[0, 5]);
        await Gen.Select(OneOf([BriefTexts.Minimal, BriefTexts.Full]), edit.Array[1, 3], Mutate)
            .SampleAsync(async text => _ = await folder.CheckAsync(text), time: 3, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Parse_Bomb_IsOneOrFewProblems(string kind)
    {
        var text = kind switch
        {
            "large" => new string('a', (1 << 20) + 1),
            "long-key" => new string('a', 900_000) + ": 1",
            "deep-flow" => new string('[', 1_000_000),
            "deep-mapping" => string.Concat(Enumerable.Repeat("{a: ", 200_000)),
            "deep-block" => string.Concat(Enumerable.Range(0, 1000).Select(i => new string(' ', i) + "a:\n")),
            "deep-explicit-keys" => string.Concat(Enumerable.Repeat("? ", 400_000)),
            "many-keys" => string.Concat(Enumerable.Range(0, 60_000).Select(i => $"key{i}: {i}\n")),
            "many-anchors" => string.Concat(Enumerable.Range(0, 40_000).Select(i => $"- &a{i} x\n")),
            "quotes" => string.Concat(Enumerable.Repeat("'", 1_000_000)),
            "dashes" => string.Concat(Enumerable.Repeat("- ", 500_000)),
            "colons" => string.Concat(Enumerable.Repeat(": ", 500_000)),
            "question-marks" => string.Concat(Enumerable.Repeat("?\n", 500_000)),
            "open-quote" => "a: \"" + string.Concat(Enumerable.Repeat("\n ", 500_000)),
            "tags" => string.Concat(Enumerable.Repeat("!a ", 300_000)),
            "comment" => "#" + new string('#', 1_000_000),
            "spaces" => new string(' ', 1_000_000),
            _ => "scenario: >\n" + string.Concat(Enumerable.Repeat("  word\n\n", 120_000)),
        };

        var parsed = BriefParser.Parse(text);

        Assert.Null(parsed.Brief);
        Assert.InRange(parsed.Problems.Count, 1, BriefProblems.Most + 1);
        Assert.All(parsed.Problems, p => Assert.InRange(p.Message.Length, 1, 1000));
    }

    [Fact]
    public void Parse_ManyProblems_AreCutWithACount()
    {
        var parsed = BriefParser.Parse(string.Concat(Enumerable.Range(0, 300).Select(i => $"x{i}: 1\n")));

        Assert.Equal(BriefProblems.Most + 1, parsed.Problems.Count);
        Assert.Equal("too-many-problems", parsed.Problems[^1].Code);
        Assert.StartsWith("106 more", parsed.Problems[^1].Message, StringComparison.Ordinal);
    }

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Mutate(string text, (int At, int Kind, string Snippet, int Length)[] edits)
    {
        foreach (var (position, kind, snippet, length) in edits)
        {
            var at = position % (text.Length + 1);
            var cut = Math.Min(length, text.Length - at);
            text = kind switch
            {
                0 => text.Insert(at, snippet),
                1 => text.Remove(at, cut),
                2 => text.Remove(at, cut).Insert(at, snippet),
                _ => text + text.Substring(at, cut),
            };
        }

        return text;
    }
}
