using CsCheck;
using Landfall.Platform.Candidates.Techniques.Prompting;

namespace Landfall.Platform.Tests.Candidates.Prompting;

public sealed class LabelReadingTests
{
    private static readonly string[] Labels = ["no_internet", "no_internet_at_night", "billing", "out_of_scope", "\u8d26\u5355"];
    private static readonly string[] Around = ["", "\"", "`", "**", " "];
    private readonly LabelReading _reading = new(Labels);

    [Theory]
    [InlineData("billing", "billing")]
    [InlineData("  Billing.\n", "billing")]
    [InlineData("\"out of scope\"", "out_of_scope")]
    [InlineData("No-Internet", "no_internet")]
    [InlineData("""{"label": "billing"}""", "billing")]
    [InlineData("This looks like \"billing\" to me. Anything else?", "billing")]
    [InlineData("I would say no internet at night.", "no_internet_at_night")]
    [InlineData("\u8d26\u5355", "\u8d26\u5355")]
    public void Read_AnswerThatNamesOneLabel_IsIt(string answer, string label) => Assert.Equal(label, _reading.Read(answer));

    [Theory]
    [InlineData("")]
    [InlineData("refund")]
    [InlineData("billing or out_of_scope")]
    [InlineData("{\"label\": 3}")]
    [InlineData("{broken")]
    [InlineData("rebilling")]
    public void Read_AnswerThatNamesNoneOrSeveral_IsNone(string answer) => Assert.Null(_reading.Read(answer));

    [Fact]
    public void Read_AnyText_IsALabelOrNone() => Gen.String.Sample(text => _reading.Read(text) is not { } label || Labels.Contains(label), time: 1);

    [Fact]
    public void Read_ALabelHoweverWritten_IsFound() => Gen.Select(Gen.Int[0, Labels.Length - 1], Gen.Bool, Gen.Int[0, Around.Length - 1]).Sample(
        (label, isUpper, around) => _reading.Read(Around[around] + (isUpper ? Labels[label].ToUpperInvariant() : Labels[label]) + Around[around]) == Labels[label], time: 1);
}
