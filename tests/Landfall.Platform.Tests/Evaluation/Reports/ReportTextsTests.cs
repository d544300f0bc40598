using System.Reflection;
using System.Text.RegularExpressions;
using Landfall.Platform.Evaluation.Reports;

namespace Landfall.Platform.Tests.Evaluation.Reports;

public sealed class ReportTextsTests
{
    public static TheoryData<string> Names => new(typeof(ReportTexts).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Where(n => n != nameof(ReportTexts.Language)));

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryText_InBothLanguages_IsThereWithTheSamePlaces(string name)
    {
        var property = typeof(ReportTexts).GetProperty(name)!;
        var english = (string)property.GetValue(ReportTexts.English)!;
        var chinese = (string)property.GetValue(ReportTexts.Chinese)!;

        Assert.Matches("[A-Za-z]", english);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", chinese);
        Assert.Equal(Places(english), Places(chinese));
    }

    [Theory]
    [InlineData("zh", "zh-Hans")]
    [InlineData("zh-CN", "zh-Hans")]
    [InlineData("en-GB", "en")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    public void For_LanguageTag_FindsTheTexts(string tag, string expected) => Assert.Equal(expected, ReportTexts.For(tag).Language);

    private static IEnumerable<string> Places(string text) => Regex.Matches(text, @"\{\d\}", RegexOptions.NonBacktracking).Select(m => m.Value).Order(StringComparer.Ordinal);
}
