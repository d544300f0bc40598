using CsCheck;
using Landfall.Commands.Files;
using Landfall.Protocol.Briefs;

namespace Landfall.Tests.Commands.Files;

public sealed class AppFolderTests : IDisposable
{
    private readonly string _root = RealPath.Resolve(Directory.CreateTempSubdirectory("landfall-folder-").FullName);

    public AppFolderTests()
    {
        Directory.CreateDirectory(App("data"));
        Directory.CreateDirectory(Path.Combine(_root, "app-other"));
        Directory.CreateDirectory(Path.Combine(_root, "outside", "deep"));
        File.WriteAllText(App("data/rows.jsonl"), "");
        File.WriteAllText(Path.Combine(_root, "outside", "secret.txt"), "");
        File.WriteAllText(Path.Combine(_root, "app-other", "rows.jsonl"), "");
        File.CreateSymbolicLink(App("link.txt"), Path.Combine("..", "outside", "secret.txt"));
        Directory.CreateSymbolicLink(App("linked"), Path.Combine(_root, "outside", "deep"));
        Directory.CreateSymbolicLink(App("self"), App("."));
        File.CreateSymbolicLink(App("inside.jsonl"), Path.Combine("data", "rows.jsonl"));
        File.CreateSymbolicLink(App("circle"), "circle");
        File.CreateSymbolicLink(App("dangling"), "nothing");
    }

    [Theory]
    [InlineData("data/rows.jsonl", FileState.Present)]
    [InlineData("./data/../data/rows.jsonl", FileState.Present)]
    [InlineData("inside.jsonl", FileState.Present)]
    [InlineData("self/data/rows.jsonl", FileState.Present)]
    [InlineData("../app/data/rows.jsonl", FileState.Present)]
    [InlineData("data/none.jsonl", FileState.Missing)]
    [InlineData("dangling", FileState.Missing)]
    [InlineData("", FileState.Missing)]
    [InlineData("a\0b", FileState.Missing)]
    [InlineData("data", FileState.Unreadable)]
    [InlineData("circle", FileState.Unreadable)]
    [InlineData("../outside/secret.txt", FileState.Outside)]
    [InlineData("../app-other/rows.jsonl", FileState.Outside)]
    [InlineData("link.txt", FileState.Outside)]
    [InlineData("linked/none.txt", FileState.Outside)]
    // "linked/.." is the folder that holds the link's target, not the app's.
    [InlineData("linked/../secret.txt", FileState.Outside)]
    [InlineData("/etc/passwd", FileState.Outside)]
    [InlineData(".", FileState.Outside)]
    public void Find_OfPath_SaysWhereItLeads(string name, FileState expected) => Assert.Equal(expected, new AppFolder(App(".")).Find(name).State);

    [Fact]
    public void Find_OfPathsMadeOfParts_NeverLeavesTheFolder()
    {
        var folder = new AppFolder(App("."));
        string[] parts = ["..", ".", "data", "linked", "self", "link.txt", "rows.jsonl", "inside.jsonl", "secret.txt", "deep", ""];
        Gen.Int[0, parts.Length - 1].Array[1, 8].Sample(chosen =>
        {
            var names = chosen.Select(i => parts[i]);
            var (state, path) = folder.Find(string.Join('/', names));
            Assert.True(state != FileState.Present || path == App("data/rows.jsonl").Replace('/', Path.DirectorySeparatorChar), path);
        });
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string App(string path) => Path.Combine(_root, "app", path);
}
