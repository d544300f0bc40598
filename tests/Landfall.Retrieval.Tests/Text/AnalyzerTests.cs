using System.Text.RegularExpressions;
using CsCheck;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Tests.Text;

public sealed class AnalyzerTests
{
    [Theory]
    [InlineData(1, "I can't pay", "i|cant|pay")]
    [InlineData(2, "I can’t pay", "i|i cant|cant|cant pay|pay")]
    [InlineData(1, "order HB-20931", "order|hb|20931")]
    [InlineData(1, "怎么退款", "怎|怎么|么|么退|退|退款|款")]
    [InlineData(2, "改wifi密码", "改|wifi|密|密码|码")]
    [InlineData(1, "𠀀𠀁", "𠀀|𠀀𠀁|𠀁")]
    [InlineData(2, "...", "")]
    public void Words_Text_Tokens(int maxWords, string text, string expected) =>
        Assert.Equal(expected, string.Join('|', new WordAnalyzer(maxWords).Tokens(text)));

    [Theory]
    [InlineData(2, 3, "hi u", " h| hi|hi|hi |i | u| u |u ")]
    [InlineData(1, 2, "退款", "退|退款|款")]
    [InlineData(3, 3, "退款", "退款")]
    public void Characters_Text_TokensInsideWords(int min, int max, string text, string expected) =>
        Assert.Equal(expected, string.Join('|', new CharacterNgramAnalyzer(min, max).Tokens(text)));

    [Fact]
    public void WordPairs_OtherOrder_SameTokens() =>
        Assert.Equal(
            new WordPairAnalyzer(5).Tokens("book a flight").Order(StringComparer.Ordinal),
            new WordPairAnalyzer(5).Tokens("a flight book").Order(StringComparer.Ordinal));

    [Fact]
    public void WordPairs_FartherThanWindow_NoToken() =>
        Assert.Equal(["a~b", "b~c"], new WordPairAnalyzer(1).Tokens("a b c"));

    [Fact]
    public void Analyze_AnyText_TokensAreWellFormedAndNotEmpty() =>
        UnicodeText.Gen.Sample(
            text =>
            {
                foreach (ITextAnalyzer analyzer in (ITextAnalyzer[])[new WordAnalyzer(3), new CharacterNgramAnalyzer(1, 4), new WordPairAnalyzer(3)])
                {
                    foreach (var token in analyzer.Tokens(text))
                    {
                        Assert.NotEmpty(token);
                        Assert.DoesNotContain('\uFFFD', token);
                        Assert.Equal(token, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(token)));
                    }
                }
            },
            iter: 5_000);

    [Fact]
    public void Words_AsciiText_AreTheNormalizedTextsWords() =>
        UnicodeText.Ascii.Sample(
            text => string.Join(' ', new WordAnalyzer().Tokens(text)) == Regex.Replace(TextNormalizer.Normalize(text), "[^a-z0-9]+", " ", RegexOptions.NonBacktracking).Trim(),
            iter: 2_000);

    [Fact]
    public void Constructors_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordAnalyzer(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CharacterNgramAnalyzer(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CharacterNgramAnalyzer(1, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WordPairAnalyzer(0));
    }
}
