using System.Xml;
using CsCheck;
using Landfall.Platform.Evaluation.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

public sealed class PlainTextTests
{
    [Fact]
    public void Clean_AnyString_IsFitForXmlAndCleanedOnce() =>
        PageReading.Hostile.Sample(text =>
        {
            foreach (var replacement in new char?[] { '\uFFFD', null })
            {
                var clean = PlainText.Clean(text, replacement);
                XmlConvert.VerifyXmlChars(clean);
                Assert.DoesNotContain('\r', clean);
                Assert.Equal(clean, PlainText.Clean(clean, replacement));
            }
        });

    [Fact]
    public void Clean_FitText_IsLeftAlone()
    {
        const string text = "tab\t, line\n, 船 \U0001F6A2 <&>";
        Assert.Same(text, PlainText.Clean(text));
    }

    [Theory]
    [InlineData("a\u0000b", "a\uFFFDb", "ab")]
    [InlineData("a\r\nb\rc", "a\nb\nc", "a\nb\nc")]
    [InlineData("\uFFFE\uFFFF", "\uFFFD\uFFFD", "")]
    public void Clean_UnfitText_IsReplacedOrRemoved(string text, string replaced, string removed)
    {
        Assert.Equal(replaced, PlainText.Clean(text));
        Assert.Equal(removed, PlainText.Clean(text, replacement: null));
    }

    [Fact]
    public void Clip_AnyString_IsShortEnoughAndSplitsNoPair() =>
        Gen.Select(Gen.OneOf("a", "\U0001F6A2", "船").Array[0, 20], Gen.Int[2, 20]).Sample((parts, length) =>
        {
            var text = string.Concat(parts);
            var clipped = PlainText.Clip(text, length);
            Assert.True(clipped.Length <= length);
            XmlConvert.VerifyXmlChars(clipped);
            Assert.True(clipped == text || (clipped.EndsWith('…') && text.StartsWith(clipped[..^1], StringComparison.Ordinal)));
        });
}
