using Landfall.Platform.Briefs;
using Landfall.Protocol.Briefs;

namespace Landfall.Platform.Tests.Briefs;

public sealed class BriefCheckerTests(BriefFolder folder) : IClassFixture<BriefFolder>
{
    [Fact]
    public async Task Check_MinimalBrief_IsClean()
    {
        var response = await folder.CheckAsync(BriefTexts.Minimal);

        Assert.Empty(response.Problems);
        Assert.True(response.IsValid);
        Assert.Equal("banking77", response.App);
        Assert.Equal(["data/train.jsonl", "data/test.jsonl"], response.Files);
    }

    [Fact]
    public async Task Check_FilesNotListedYet_AreAskedForWithoutProblems()
    {
        var response = await folder.Checker.CheckAsync(new BriefSource { Text = BriefTexts.Full }, TestContext.Current.CancellationToken);

        Assert.Empty(response.Problems);
        Assert.Equal(["data/train-oos.jsonl", "./data/few-labels.jsonl", "data/test-oos.jsonl", "data/train.jsonl"], response.Files);
    }

    [Fact]
    public async Task Check_PathsThatLeaveTheFolder_AreNotAskedFor()
    {
        var response = await folder.CheckAsync(BriefTexts.Minimal.Replace("data/train.jsonl", "../../etc/passwd", StringComparison.Ordinal));

        Assert.Equal(["data/test.jsonl"], response.Files);
    }

    [Fact]
    public async Task Check_BrokenText_StillReportsTheData()
    {
        var response = await folder.CheckAsync(BriefTexts.Minimal
            .Replace("single-turn", "chat", StringComparison.Ordinal)
            .Replace("data/train.jsonl", "data/one-class.jsonl", StringComparison.Ordinal));

        Assert.Equal(["unknown-value", "one-class", "unseen-label"], response.Problems.Select(p => p.Code));
    }

    [Fact]
    public async Task Inspect_SchemaInAFile_IsInTheBrief()
    {
        var yaml = BriefTexts.Minimal.Replace("kind: label", "{ kind: json, schema: schema.json }", StringComparison.Ordinal)
            .Replace("output:\n  ", "output: ", StringComparison.Ordinal)
            .Replace("accuracy", "exact-match", StringComparison.Ordinal);

        var inspected = await folder.Checker.InspectAsync(new BriefSource { Text = yaml, Files = folder.Files }, TestContext.Current.CancellationToken);

        Assert.Empty(inspected.Response.Problems);
        Assert.Contains("schema.json", inspected.Response.Files);
        Assert.Equal("{\"type\": \"object\"}", inspected.Brief!.OutputSchema);
    }
}
