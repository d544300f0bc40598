using CsCheck;
using Landfall.Platform.Prompts;
using Landfall.Protocol.Prompts;

namespace Landfall.Platform.Tests.Prompts;

public sealed class PromptTextTests
{
    [Fact]
    public void Fill_WithValues_ReplacesEveryUse()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["city"] = "Tallinn {{not again}}", ["topic"] = "trams" };

        Assert.Equal("Tallinn {{not again}}: trams, trams", PromptText.Fill("{{city}}: {{ topic }}, {{topic}}", values));
        Assert.Equal(["city", "topic"], PromptText.Variables("{{city}}: {{ topic }}, {{topic}}"));
    }

    [Fact]
    public void Fill_WithoutAValue_NamesTheVariableAndThoseThereAre()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => PromptText.Fill("{{town}}", new Dictionary<string, string>(StringComparer.Ordinal) { ["city"] = "x" }));

        Assert.Equal("The variable {{town}} has no value. There are city.", error.Message);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData(" ", "empty")]
    [InlineData("Hello {{", "is no variable")]
    [InlineData("Hello {{first name}}", "'{{first name}}' is no variable")]
    [InlineData("Hello {{1st}}", "is no variable")]
    public void WhyInvalid_OfABrokenPrompt_SaysWhat(string? text, string why) => Assert.Contains(why, PromptText.WhyInvalid(text), StringComparison.Ordinal);

    [Fact]
    public void WhyInvalid_AnyText_NeverFailsAndValidOnesCanBeFilled() => Gen.OneOf(Gen.String, Gen.String["{} ab1_-\n"]).Sample(
        text =>
        {
            if (PromptText.WhyInvalid(text) is null)
            {
                var values = PromptText.Variables(text).ToDictionary(v => v, _ => "value", StringComparer.Ordinal);
                Assert.NotNull(PromptText.Fill(text, values));
            }
        },
        time: 1);

    [Fact]
    public void LineDiff_OfAnyTwoTexts_GivesBothBack() => Gen.Select(Gen.String["ab\n"], Gen.String["ab\n"]).Sample(
        (before, after) =>
        {
            var lines = LineDiff.Of(before, after);
            Assert.Equal(before, string.Join('\n', lines.Where(l => l.Change != LineChange.Added).Select(l => l.Text)));
            Assert.Equal(after, string.Join('\n', lines.Where(l => l.Change != LineChange.Removed).Select(l => l.Text)));
        },
        time: 1);
}
