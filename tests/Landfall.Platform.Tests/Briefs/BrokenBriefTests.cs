namespace Landfall.Platform.Tests.Briefs;

/// <summary>Broken briefs beside the problems they must raise: <c>line:severity:code message</c>, one per line.</summary>
public sealed class BrokenBriefTests(BriefFolder folder) : IClassFixture<BriefFolder>
{
    private static readonly string s_broken = Path.Combine(AppContext.BaseDirectory, "Briefs", "Broken");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(s_broken, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Check_BrokenBrief_ReportsAllThatIsExpected(string name)
    {
        var response = await folder.CheckAsync(await File.ReadAllTextAsync(Path.Combine(s_broken, name + ".yaml")));
        var found = string.Concat(response.Problems.Select(p => $"{p.Line}:{p.Severity.ToString().ToLowerInvariant()}:{p.Code} {p.Message}\n"));

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(s_broken, name + ".expected.txt")), found);
    }

    [Fact]
    public void BrokenBriefs_AreAtLeastThirty() => Assert.True(Names.Count >= 30);
}
