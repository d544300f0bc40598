using System.Security.Cryptography;
using System.Text;
using Landfall.Commands;
using Landfall.Protocol.Briefs;

namespace Landfall.Tests.Commands.Land;

/// <summary>These set the environment's editor, so that they run one after the other.</summary>
[Collection(nameof(DraftEditingTests))]
public sealed class DraftEditingTests : CommandTest
{
    [Fact]
    public async Task Land_WithEdit_LandsAndWritesWhatTheEditorLeft()
    {
        var outcome = await EditAsync("sed -i 's/support/edited/' ");
        Assert.Equal(ExitCodes.Ok, outcome.ExitCode);
        Assert.Equal("app: edited\n", await File.ReadAllTextAsync(Path.Combine(Folder, "tickets", "brief.yaml"), TestContext.Current.CancellationToken));
        Assert.Equal("app: edited\n", Assert.Single(Server.Landings).Brief.Text);
        Assert.Equal(["a.csv", "b.jsonl"], [Server.Drafts.First().FileName, .. Server.Drafts.First().MoreFiles.Select(f => f.FileName)]);
        Assert.Equal("tickets", Server.Drafts.First().Name);
    }

    [Fact]
    public async Task Land_EditorThatFails_WritesAndRunsNothing()
    {
        var outcome = await EditAsync("false #");
        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains("ended with 1; nothing was written", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["a.csv", "b.jsonl"], Directory.GetFileSystemEntries(Path.Combine(Folder, "tickets")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(Server.Landings);
    }

    [Fact]
    public async Task Land_EditAndYes_AreNotTakenTogether()
    {
        var outcome = await RunAsync("land", MakeFolder(), "--edit", "--yes");
        Assert.Equal(ExitCodes.Usage, outcome.ExitCode);
        Assert.Contains("Give one of them", outcome.Error, StringComparison.Ordinal);
    }

    private async Task<Outcome> EditAsync(string editor)
    {
        var before = Environment.GetEnvironmentVariable("VISUAL");
        Environment.SetEnvironmentVariable("VISUAL", editor);
        try
        {
            return await RunAsync("land", MakeFolder(), "--edit", "--no-serve");
        }
        finally
        {
            Environment.SetEnvironmentVariable("VISUAL", before);
        }
    }

    private string MakeFolder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "tickets")).FullName;
        File.WriteAllText(Path.Combine(folder, "a.csv"), "text,label\na,b\n");
        File.WriteAllText(Path.Combine(folder, "b.jsonl"), "{\"text\":\"a\",\"label\":\"b\"}\n");
        var bytes = Encoding.UTF8.GetBytes("rows");
        var sha = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Server.Blobs[sha] = bytes;
        Server.Draft = new BriefDraft("app: support\n", ["Assumed."], new Dictionary<string, FileReference> { ["data/train.jsonl"] = new(FileState.Present, sha, bytes.Length) });
        return folder;
    }
}
