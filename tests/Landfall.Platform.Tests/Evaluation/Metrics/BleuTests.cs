using Landfall.Platform.Evaluation.Text;

namespace Landfall.Platform.Tests.Evaluation.Metrics;

/// <summary>Values worked out by hand from Papineni et al. 2002 and sacreBLEU's smoothing.</summary>
public sealed class BleuTests
{
    [Fact]
    public void Score_OrderWithoutMatch_IsSmoothedExponentially()
    {
        // the cat sat on the mat | the cat is on the mat. Lengths 6 and 6: no brevity penalty.
        // 1-grams: the x2, cat, on, mat                  5 of 6
        // 2-grams: the cat, on the, the mat              3 of 5
        // 3-grams: on the mat                            1 of 4
        // 4-grams: none of 3, smoothed to 1 / (2 * 3)
        // (5/6 * 3/5 * 1/4 * 1/6)^(1/4) = (1/48)^(1/4) = 0.37991784...
        Assert.Equal(37.99178428257963, Examples.Value("bleu", Examples.Text, ("the cat is on the mat", "the cat sat on the mat")), 1e-6);
    }

    [Fact]
    public void Score_TwoOrdersWithoutMatch_SecondIsHalvedAgain()
    {
        // a b x y z | a b c d e: 1-grams 2 of 5, 2-grams 1 of 4, 3-grams 0 of 3 -> 1/(2*3), 4-grams 0 of 2 -> 1/(4*2).
        // (2/5 * 1/4 * 1/6 * 1/8)^(1/4) = (1/480)^(1/4)
        Assert.Equal(100 * Math.Pow(1.0 / 480, 0.25), Examples.Value("bleu", Examples.Text, ("a b c d e", "a b x y z")), 1e-6);
    }

    [Fact]
    public void Score_CorpusOfTwo_SumsCountsBeforeDividing()
    {
        // First pair as above: lengths 6, 6; matches 5 3 1 0 of 6 5 4 3.
        // Second: a b c d | a b c d e f: lengths 4, 6; matches 4 3 2 1 of 4 3 2 1.
        // Together 9/10, 6/8, 3/6, 1/4, whose product is 27/320; lengths 10 and 12: exp(1 - 12/10).
        var byHand = 100 * Math.Exp(-0.2) * Math.Pow(27.0 / 320, 0.25);
        Assert.Equal(byHand, Examples.Value("bleu", Examples.Text, ("the cat is on the mat", "the cat sat on the mat"), ("a b c d e f", "a b c d")), 1e-6);
    }

    [Fact]
    public void Score_RepeatedWord_IsClippedToTheReference()
    {
        // Papineni's example: the x7 | the cat is on the mat. 1-grams 2 of 7, then 0 of 6, 5, 4: 1/12, 1/20, 1/32.
        Assert.Equal(
            100 * Math.Pow(2.0 / 7 / 12 / 20 / 32, 0.25),
            Examples.Value("bleu", Examples.Text, ("the cat is on the mat", "the the the the the the the")),
            1e-6);
    }

    [Fact]
    public void Score_NoFourGramOrNoMatch_IsZero()
    {
        Assert.Equal(0, Examples.Value("bleu", Examples.Text, ("two words", "two words")));
        Assert.Equal(0, Examples.Value("bleu", Examples.Text, ("a b c d e", "v w x y z")));
        Assert.Equal(0, Examples.Value("bleu", Examples.Text, ("a b c d e", "")));
    }

    [Fact]
    public void Score_Chinese_CountsCharacters()
    {
        // 我 喜 欢 猫 。 | 我 喜 欢 狗 。: 4 of 5, 2 of 4 (我喜, 喜欢), 1 of 3, 0 of 2 -> 1/(2*2).
        Assert.Equal(100 * Math.Pow(4.0 / 5 * 2 / 4 * 1 / 3 * 1 / 4, 0.25), Examples.Value("bleu", Examples.Text, ("我喜欢狗。", "我喜欢猫。")), 1e-6);
    }

    [Theory]
    [InlineData("Hello, world!", "Hello , world !")]
    [InlineData("It costs $2.50, or 1,000.", "It costs $ 2.50 , or 1,000 .")]
    [InlineData("1990-2000 well-known", "1990 - 2000 well-known")]
    [InlineData("don't (stop) \"now\"", "don't ( stop ) \" now \"")]
    [InlineData("a &quot;b&quot; &amp; c&lt;d", "a \" b \" & c < d")]
    [InlineData("e-mail: a@b.com; x/y", "e-mail : a @ b . com ; x / y")]
    [InlineData("line-\nbreak and\nnew <skipped>", "linebreak and new")]
    public void Western_Text_SplitsAs13a(string line, string tokens) => Assert.Equal(tokens, string.Join(' ', BleuTokens.Western(line)));

    [Theory]
    [InlineData("我有3.5元。", "我 有 3.5 元 。")]
    [InlineData("用Wi-Fi上网，行吗？", "用 Wi-Fi 上 网 ， 行 吗 ？")]
    [InlineData("他说“好”", "他 说 “ 好 ”")]
    public void Chinese_Text_SetsCharactersApart(string line, string tokens) => Assert.Equal(tokens, string.Join(' ', BleuTokens.Chinese(line)));
}
