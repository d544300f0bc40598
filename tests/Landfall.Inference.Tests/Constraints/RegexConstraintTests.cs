using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Landfall.Inference.Constraints;

public sealed class RegexConstraintTests
{
    private static readonly Tokenizers.TokenVocabulary Tiny = new([[], "a"u8.ToArray()], [true, false], ["</s>", "a"]);

    [Fact]
    public void Accepts_RandomPatterns_AgreesWithDotNet()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var pattern = RandomPattern.Make(random);
            var vocabulary = Vocabularies.All[seed % 2];
            var oracle = new Regex($@"\A(?:{pattern.DotNet})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
            var constraint = RegexConstraint.Compile(pattern.Text, vocabulary);
            for (var answer = 0; answer < 5; answer++)
            {
                var text = Encoding.UTF8.GetString(RandomAnswer.Write(constraint, vocabulary, random, patience: 20));
                Assert.True(oracle.IsMatch(text), $"{pattern.Text} does not match '{text}'");
                for (var mutation = 0; mutation < 5; mutation++)
                {
                    var mutated = RandomPattern.Mutate(text, random);
                    Assert.True(oracle.IsMatch(mutated) == constraint.Accepts(Encoding.UTF8.GetBytes(mutated)), $"{pattern.Text} on '{mutated}'");
                }
            }
        }
    }

    [Fact]
    public void Allowed_RandomPatterns_IsWhatTheBytesSay()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var vocabulary = Vocabularies.All[seed % 2];
            MaskOracle.Check(RegexConstraint.Compile(RandomPattern.Make(new Random(seed)).Text, vocabulary), vocabulary, new Random(seed), 4);
        }
    }

    [Theory]
    [InlineData(@"^\d{4}-\d{2}$", "2024-02", true)]
    [InlineData(@"a|bc", "bc", true)]
    [InlineData(@"a|bc", "ac", false)]
    [InlineData(@"[\]\-x]+", "]-x", true)]
    [InlineData(@"\u{1F600}", "😀", true)]
    [InlineData(@"(?:😀|x){2}", "😀x", true)]
    [InlineData(@"a+?b*?", "aab", true)]
    [InlineData(@"\x41\t", "A\t", true)]
    [InlineData(@"[^x]", "中", true)]
    public void Accepts_Features_WorkAsWritten(string pattern, string text, bool expected) =>
        Assert.Equal(expected, RegexConstraint.Compile(pattern, Vocabularies.ByteLevel).Accepts(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("Lu")]
    [InlineData("L")]
    [InlineData("N")]
    public void Accepts_Category_HoldsItsCodePointsAndNoOthers(string category)
    {
        var oracle = new Regex($@"\A\p{{{category}}}\z", RegexOptions.None, TimeSpan.FromSeconds(10));
        var constraint = RegexConstraint.Compile($@"\p{{{category}}}", Vocabularies.ByteLevel);
        for (var codePoint = 0; codePoint < 0xD800; codePoint += 7)
        {
            var text = ((char)codePoint).ToString();
            Assert.Equal(oracle.IsMatch(text), constraint.Accepts(Encoding.UTF8.GetBytes(text)));
        }

        Assert.Equal(category != "N", constraint.Accepts("\U0001D400"u8));
    }

    [Theory]
    [InlineData(@"(a)\1", "backreferences")]
    [InlineData("(?=a)", "lookaround")]
    [InlineData("(?<!a)b", "lookaround")]
    [InlineData("(?i)a", "flags")]
    [InlineData(@"\bword", @"'\b' is not supported")]
    [InlineData("a++", "possessive")]
    [InlineData("a**", "follows a quantifier")]
    [InlineData("*a", "nothing to repeat")]
    [InlineData("(a", "not closed")]
    [InlineData("a)", "closes no group")]
    [InlineData("[a", "not closed")]
    [InlineData("[z-a]", "in order")]
    [InlineData("a{3,2}", "at least the first")]
    [InlineData("a{x}", "begins no quantifier")]
    [InlineData("a{99999}", "above 10000")]
    [InlineData("(?:(?:a{1000}){1000}){1000}", "too large")]
    [InlineData("(?:(?:(){10000}){10000}){10000}", "too large")]
    [InlineData("(?:a|b)*a(?:a|b){30}", "states")]
    [InlineData("a^b", "outermost")]
    [InlineData(@"\p{Xx}", "category")]
    [InlineData(@"\ud800", "surrogate")]
    [InlineData("[]", "no text matches")]
    [InlineData("a\\", "ends in")]
    public void Compile_WhatIsNotSupported_SaysWhatAndWhere(string pattern, string expected)
    {
        var exception = Assert.Throws<ConstraintException>(() => RegexConstraint.Compile(pattern, Vocabularies.ByteLevel));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("pattern", exception.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_MutatedPatterns_AreReadOrRefused()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("LANDFALL_SOAK_FUZZ") ?? "3000", CultureInfo.InvariantCulture);
        string[] seeds = [@"^[a-z\d]+(?:\.[^\s@]{2,8})*$", @"(?<n>\p{L}|\u{1F600}|[\]\-\x41])*?", "a|b|(c{2,}d?){0,3}", "日本[^語]*é\\."];
        var random = new Random(20_231);
        for (var index = 0; index < count; index++)
        {
            var pattern = seeds[random.Next(seeds.Length)];
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                pattern = Change(pattern, random);
            }

            Hang.Check(() => RegexConstraint.Compile(pattern, Tiny), pattern);
        }

        static string Change(string pattern, Random random)
        {
            const string signs = @"()[]{}|*+?.^$\-,:<>=!0129dwspux aé😀";
            var place = random.Next(pattern.Length + 1);
            return random.Next(4) switch
            {
                0 => pattern.Insert(place, signs[random.Next(signs.Length)].ToString()),
                1 when place < pattern.Length => pattern.Remove(place, 1),
                2 => pattern.Insert(place, pattern[..Math.Min(40, place)]),
                _ => string.Concat(pattern.AsSpan(0, place), signs[random.Next(signs.Length)].ToString(), pattern.AsSpan(Math.Min(pattern.Length, place + 1))),
            };
        }
    }
}
