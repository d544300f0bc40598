using Landfall.Platform.Briefs;

namespace Landfall.Platform.Tests.Briefs;

public sealed class BriefTemplatesTests
{
    public static TheoryData<string> Names => [.. BriefTemplates.All.Select(t => t.Name)];

    [Fact]
    public void Templates_Names_AreTheCommonKinds() =>
        Assert.Equal(["label", "text", "json", "document-qa", "translation", "agent"], BriefTemplates.All.Select(t => t.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Parse_Template_HasNoProblemsAndFittingMetrics(string name)
    {
        var parsed = BriefParser.Parse(BriefTemplates.All.Single(t => t.Name == name).Text);
        var findings = new BriefFindings(parsed);
        TargetRules.Check(findings, new TestMetrics());

        Assert.NotNull(parsed.Brief);
        Assert.Empty(findings.Problems);
    }
}
