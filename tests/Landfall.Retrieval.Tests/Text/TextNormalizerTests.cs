using CsCheck;
using Landfall.Retrieval.Text;

namespace Landfall.Retrieval.Tests.Text;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("What's my BALANCE?", "whats my balance")]
    [InlineData("what’s  my\tbalance!!", "whats my balance")]
    [InlineData("ＦＵＬＬ　ｗｉｄｔｈ，text", "full width text")]
    [InlineData("你好，吗？", "你好吗")]
    [InlineData("你好 吗", "你好吗")]
    [InlineData("打开 wifi 吧", "打开 wifi 吧")]
    [InlineData("e\u0301te\u0301", "été")]
    [InlineData("ofﬁce", "office")]
    [InlineData("zero\u200Bwidth", "zerowidth")]
    [InlineData("£5 + 3", "£5 + 3")]
    [InlineData("?!", "?!")]
    [InlineData("   ", "")]
    [InlineData("", "")]
    public void Normalize_SameForPeople_OneForm(string text, string expected) => Assert.Equal(expected, TextNormalizer.Normalize(text));

    [Fact]
    public void Normalize_AnyText_TwiceIsOnce() =>
        Gen.String.Sample(text => TextNormalizer.Normalize(TextNormalizer.Normalize(text)) == TextNormalizer.Normalize(text), iter: 20_000);

    [Fact]
    public void Normalize_UnicodeText_TwiceIsOnce() =>
        UnicodeText.Gen.Sample(text => TextNormalizer.Normalize(TextNormalizer.Normalize(text)) == TextNormalizer.Normalize(text), iter: 20_000);

    [Fact]
    public void Normalize_CaseAndSpacesChanged_Same() =>
        UnicodeText.Ascii.Sample(text =>
            TextNormalizer.Normalize($"  {text.ToUpperInvariant().Replace(" ", " \t ", StringComparison.Ordinal)} .") == TextNormalizer.Normalize(text), iter: 5_000);

    [Fact]
    public void Normalize_LoneSurrogate_IsASpace() => Assert.Equal("a b", TextNormalizer.Normalize("a\uD800b"));
}
