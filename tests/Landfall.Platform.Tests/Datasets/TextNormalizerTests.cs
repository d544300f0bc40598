using System.Text;
using CsCheck;
using Landfall.Platform.Datasets;

namespace Landfall.Platform.Tests.Datasets;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("  Where is\t\nmy CARD?? ", "where is my card")]
    [InlineData("Ｗｈｅｒｅ　ｉｓ　ｍｙ　ｃａｒｄ？", "where is my card")]
    [InlineData("我的卡在哪里？", "我的卡在哪里")]
    [InlineData("我的卡在哪里。", "我的卡在哪里")]
    [InlineData("1.5 GB", "1.5 gb")]
    [InlineData("?!", "?!")]
    [InlineData("", "")]
    public void Normalize_Text_GivesTheFormOfItsCopies(string text, string normalized) => Assert.Equal(normalized, TextNormalizer.Normalize(text));

    [Fact]
    public void Hash_AnyText_IsThatOfTheNormalizedText() =>
        Gen.OneOf(RowFiles.Text, Gen.String[Gen.Char['\0', '\u007F'], 0, 40]).Sample(text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Assert.Equal(Hash64.Of(Encoding.UTF8.GetBytes(TextNormalizer.Normalize(text))), TextNormalizer.Hash(utf8, new byte[utf8.Length]));
        });
}
