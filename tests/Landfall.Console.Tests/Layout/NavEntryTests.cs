using Landfall.Console.Layout;

namespace Landfall.Console.Tests.Layout;

public sealed class NavEntryTests
{
    [Theory]
    [InlineData("", "apps")]
    [InlineData("?x=1", "apps")]
    [InlineData("apps/helpdesk", "apps")]
    [InlineData("apps/runs/compare?a=1", "apps")]
    [InlineData("new", "apps")]
    [InlineData("drafts/0123", "apps")]
    [InlineData("runs", "runs")]
    [InlineData("runs/0123?x=1", "runs")]
    [InlineData("runsomething", null)]
    [InlineData("not-found", null)]
    public void Covers_Path_IsOfOneEntryAtMost(string path, string? entry) =>
        Assert.Equal(entry, NavEntry.All.SingleOrDefault(e => e.Covers(path))?.Name);
}
