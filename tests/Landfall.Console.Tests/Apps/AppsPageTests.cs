using Bunit;
using Landfall.Console.Apps;
using Landfall.Console.Tests.FakeServer;

namespace Landfall.Console.Tests.Apps;

public sealed class AppsPageTests
{
    [Fact]
    public async Task AppsPage_WithApps_ShowsEachWithTargetsReleaseAndLastRun()
    {
        await using var context = new ConsoleContext();

        var page = context.Render<AppsPage>();

        Assert.Equal(["helpdesk", "meeting-notes", "notices"], page.FindAll(ConsoleContext.TestId("app")).Select(app => app.GetAttribute("data-app")));
        var first = page.Find("[data-app=helpdesk]");
        Assert.Equal(["met", "met", "undecided", "met"], first.QuerySelectorAll("[data-testid=target]").Select(target => target.GetAttribute("data-verdict")));
        Assert.Equal("linear", first.QuerySelector("[data-testid=app-release]")!.TextContent.Trim());
        Assert.Equal("completed", first.QuerySelector("[data-testid=run-state]")!.GetAttribute("data-state"));
    }

    [Fact]
    public async Task AppsPage_WithoutApps_TellsTheTwoCommands()
    {
        await using var context = new ConsoleContext(new FakeApi { IsEmpty = true });

        var page = context.Render<AppsPage>();

        Assert.Equal(["landfall land examples/helpdesk", "landfall land my-data.csv"], page.FindAll(".snippet code").Select(code => code.TextContent));
    }

    [Fact]
    public async Task AppsPage_ServerDown_SaysSoAndTriesAgain()
    {
        await using var context = new ConsoleContext(new FakeApi { IsDown = true });
        var page = context.Render<AppsPage>();
        Assert.Contains("could not be reached", page.Find(ConsoleContext.TestId("problem")).TextContent);

        context.Api.IsDown = false;
        await page.Find(ConsoleContext.TestId("problem-retry")).ClickAsync();

        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(ConsoleContext.TestId("app")).Count));
    }
}
