using Bunit;
using Landfall.Console.Apps;
using Landfall.Console.Tests.FakeServer;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Console.Tests.Apps;

public sealed class AppPageTests
{
    [Fact]
    public async Task AppPage_WithReport_ShowsLadderReleaseErrorsAndExamples()
    {
        await using var context = new ConsoleContext();

        var page = Render(context, "helpdesk");

        Assert.Equal(["nearest", "linear", "prompt"], page.FindAll(ConsoleContext.TestId("ladder-row")).Select(row => row.GetAttribute("data-candidate")));
        Assert.Equal(8, page.FindAll(ConsoleContext.TestId("ladder-cell")).Count);
        Assert.Equal("linear", page.Find(ConsoleContext.TestId("release-candidate")).TextContent);
        Assert.Contains("language=zh", page.Find(ConsoleContext.TestId("obstacle")).TextContent);
        Assert.Equal(5, page.FindAll(ConsoleContext.TestId("cluster")).Count);
        Assert.Equal(20, page.FindAll(ConsoleContext.TestId("example")).Count);
        Assert.Equal("1–20 of 60", page.Find(ConsoleContext.TestId("page-range")).TextContent);
        Assert.Contains(page.FindAll("a"), link => link.GetAttribute("href") == "api/apps/helpdesk/report?format=html");
    }

    [Fact]
    public async Task AppPage_ClusterLinkFollowed_ShowsItsExamplesOnly()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, "helpdesk");

        Follow(context, page.Find(ConsoleContext.TestId("cluster-link")).GetAttribute("href")!);

        page.WaitForAssertion(() => Assert.Equal("1–12 of 12", page.Find(ConsoleContext.TestId("page-range")).TextContent));
        Assert.All(page.FindAll(ConsoleContext.TestId("example")), example => Assert.Equal("false", example.GetAttribute("data-correct")));
        Assert.Contains(context.Api.Requests, request => request.EndsWith("candidates/linear/examples?filter=wrong&offset=0&limit=20&expected=billing-question&got=price-increase", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AppPage_NextPage_GoesOnFromTheTwentiethExample()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, "helpdesk");

        Follow(context, page.Find(ConsoleContext.TestId("page-next")).GetAttribute("href")!);

        page.WaitForAssertion(() => Assert.Equal("21–40 of 60", page.Find(ConsoleContext.TestId("page-range")).TextContent));
        Assert.Equal("t-0020", page.Find(ConsoleContext.TestId("example")).GetAttribute("data-id"));
    }

    [Fact]
    public async Task AppPage_FilterFormSubmitted_PutsItIntoTheAddress()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, "helpdesk");

        await page.Find(ConsoleContext.TestId("filter-expected")).ChangeAsync(new ChangeEventArgs { Value = " no-connection " });
        await page.Find(ConsoleContext.TestId("examples-form")).SubmitAsync();

        Assert.EndsWith("apps/helpdesk?candidate=linear&expected=no-connection#examples", context.Services.GetRequiredService<NavigationManager>().Uri);
    }

    [Fact]
    public async Task AppPage_TextApp_ShowsADiffOfExpectedAndGot()
    {
        await using var context = new ConsoleContext();

        var page = Render(context, "notices");

        Assert.Equal("12", page.Find("[data-testid=diff] del").ChildNodes[^2].TextContent);
        Assert.NotNull(page.Find(ConsoleContext.TestId("try-none")));
        Assert.Equal("missed", page.Find("[data-testid=obstacle] [data-testid=verdict]").GetAttribute("data-verdict"));
    }

    [Fact]
    public async Task AppPage_Asked_ShowsTheReleasesAnswer()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, "helpdesk");
        Assert.True(page.Find(ConsoleContext.TestId("try-ask")).HasAttribute("disabled"));

        await page.Find(ConsoleContext.TestId("try-text")).InputAsync(new ChangeEventArgs { Value = "Why is my bill higher?" });
        await page.Find("[data-testid=try] form").SubmitAsync();

        page.WaitForAssertion(() => Assert.Equal("billing-question", page.Find(ConsoleContext.TestId("try-label")).TextContent));
        Assert.Equal(2, page.FindAll(".bars li").Count);
    }

    [Fact]
    public async Task AppPage_ClientChosen_ShowsItsSnippetWithAddressAndModel()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, "helpdesk");

        await page.Find(ConsoleContext.TestId("client-python")).ClickAsync();

        var snippet = page.Find("#snippet-client").TextContent;
        Assert.Contains("base_url=\"http://localhost/v1\"", snippet);
        Assert.Contains("model=\"helpdesk\"", snippet);
    }

    [Theory]
    [InlineData("meeting-notes", "app-no-report")]
    [InlineData("none", "app-missing")]
    public async Task AppPage_WithoutReportOrApp_SaysSo(string app, string shown)
    {
        await using var context = new ConsoleContext();

        Assert.NotNull(Render(context, app).Find(ConsoleContext.TestId(shown)));
    }

    private static IRenderedComponent<AppPage> Render(ConsoleContext context, string app) =>
        context.Render<AppPage>(parameters => parameters.Add(page => page.Name, app));

    private static void Follow(ConsoleContext context, string href) =>
        context.Services.GetRequiredService<NavigationManager>().NavigateTo(href);
}
