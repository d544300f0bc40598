using System.Text;

namespace Landfall.Inference.Tokenizers;

public sealed class UnicodeFormsTests
{
    [Theory]
    [InlineData(NormalizationForm.FormC)]
    [InlineData(NormalizationForm.FormD)]
    [InlineData(NormalizationForm.FormKC)]
    [InlineData(NormalizationForm.FormKD)]
    public void Unchanged_EveryTextThatPasses_IsNormalisedAlready(NormalizationForm form)
    {
        var passing = Enumerable.Range(0, 0xFFFE).Select(code => ((char)code).ToString())
            .Where(text => !char.IsSurrogate(text[0])).Concat(Enumerable.Range(0x1F000, 0xC00).Select(char.ConvertFromUtf32)).Where(text => Passes(text, form)).ToArray();
        Assert.InRange(passing.Length, 20_000, 40_000);
        Assert.All(passing, text => Assert.Equal(text, text.Normalize(form)));

        // Side by side in any order, none combines with its neighbour.
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            random.Shuffle(passing);
            var text = string.Concat(passing);
            Assert.Equal(text, text.Normalize(form));
        }
    }

    [Theory]
    [InlineData("e\u0301")]
    [InlineData("\u30ab\u3099")]
    [InlineData("\u1100\u1161")]
    [InlineData("\u212b")]
    [InlineData("\U0001d15e")]
    [InlineData("\uac00\u11a8")]
    public void Unchanged_TextThatNfcChanges_IsRefused(string text)
    {
        Assert.NotEqual(text, text.Normalize(NormalizationForm.FormC));
        Assert.False(Passes(text, NormalizationForm.FormC));
    }

    private static bool Passes(string text, NormalizationForm form)
    {
        try
        {
            return UnicodeForms.Unchanged(text, form) == text;
        }
        catch (InferenceException)
        {
            return false;
        }
    }
}
