using System.Security.Cryptography;
using System.Text;
using Landfall.Commands;
using Landfall.Protocol.Briefs;

namespace Landfall.Tests.Commands.Land;

public sealed class DraftTests : CommandTest
{
    private string MakeData()
    {
        var path = Path.Combine(Folder, "support.csv");
        File.WriteAllText(path, "text,label\na,b\n");
        Server.Draft = new BriefDraft(
            "app: support\n",
            ["The column \"label\" is the expected label."],
            new Dictionary<string, FileReference> { ["data/train.jsonl"] = Store("train rows"), ["data/test.jsonl"] = Store("test rows") });
        return path;

        FileReference Store(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var sha = Convert.ToHexStringLower(SHA256.HashData(bytes));
            Server.Blobs[sha] = bytes;
            return new FileReference(FileState.Present, sha, bytes.Length);
        }
    }

    [Fact]
    public async Task Land_WithDataFile_DraftsWritesAndGoesOn()
    {
        var outcome = await RunAsync("land", MakeData(), "--no-serve");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Contains("The column \"label\" is the expected label.", outcome.Out, StringComparison.Ordinal);
        var home = Path.Combine(Folder, "support");
        Assert.Equal("app: support\n", await File.ReadAllTextAsync(Path.Combine(home, "brief.yaml")));
        Assert.Equal("train rows", await File.ReadAllTextAsync(Path.Combine(home, "data", "train.jsonl")));
        Assert.True(File.Exists(Path.Combine(home, "report.html")));
        Assert.Equal("support.csv", Assert.Single(Server.Drafts).FileName);
        Assert.Empty(Directory.GetFileSystemEntries(Folder, "*.tmp"));
    }

    [Fact]
    public async Task Land_DraftThenItsFolder_HasTheSameOriginAndNothingIsOverwritten()
    {
        var data = MakeData();
        await RunAsync("land", data, "--no-serve");
        var brief = Path.Combine(Folder, "support", "brief.yaml");
        await File.WriteAllTextAsync(brief, "app: support # edited\n");

        var again = await RunAsync("land", data, "--no-serve");
        await RunAsync("land", Path.Combine(Folder, "support"), "--no-serve");

        Assert.Contains("was edited since", again.Out, StringComparison.Ordinal);
        Assert.Equal("app: support # edited\n", await File.ReadAllTextAsync(brief));
        Assert.Single(Server.Landings.Select(l => l.Origin).Distinct());
    }

    [Fact]
    public async Task Land_WhenTheNameBelongsToOtherThings_LeavesThemAlone()
    {
        var data = MakeData();
        Directory.CreateDirectory(Path.Combine(Folder, "support"));

        var outcome = await RunAsync("land", data, "--no-serve");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Folder, "support")));
        Assert.True(File.Exists(Path.Combine(Folder, "support-report", "report.json")));
    }

    [Fact]
    public async Task Land_WhenTheDraftLeavesItsFolder_WritesNothing()
    {
        var data = MakeData();
        Server.Draft = Server.Draft! with { Files = new Dictionary<string, FileReference> { ["../evil"] = new(FileState.Present, new string('a', 64), 1) } };

        var outcome = await RunAsync("land", data, "--no-serve");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.False(File.Exists(Path.Combine(Folder, "evil")));
        Assert.Contains("outside its folder", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Land_DataFileWithPlan_WritesNothing()
    {
        var outcome = await RunAsync("land", MakeData(), "--plan");

        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.False(Directory.Exists(Path.Combine(Folder, "support")));
    }
}
