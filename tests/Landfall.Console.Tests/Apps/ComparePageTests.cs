using Bunit;
using Landfall.Console.Apps;
using Landfall.Console.Tests.FakeServer;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Console.Tests.Apps;

public sealed class ComparePageTests
{
    [Fact]
    public async Task ComparePage_TwoLandings_ShowsFiguresVerdictsAndChangedAnswers()
    {
        await using var context = new ConsoleContext();
        Go(context, "apps/helpdesk/compare?a=2&b=3");

        var page = context.Render<ComparePage>(parameters => parameters.Add(p => p.Name, "helpdesk"));

        Assert.Equal(["better", "unmeasured"], page.FindAll(ConsoleContext.TestId("compared-metric")).Select(row => row.GetAttribute("data-verdict")));
        Assert.Equal(["broken", "fixed"], page.FindAll(ConsoleContext.TestId("change")).Select(row => row.GetAttribute("data-change")));
        Assert.Equal("order_status", page.Find("[data-testid=change] del").TextContent);
        Assert.Contains(context.Api.Requests, request => request.Contains("compare?a=2%2Flinear&b=3%2Flinear&filter=all&offset=0&limit=20", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HistoryCard_EarlierRelease_IsMadeLiveBySecondClick()
    {
        await using var context = new ConsoleContext();
        var card = context.Render<HistoryCard>(parameters => parameters.Add(c => c.App, "helpdesk"));

        await card.Find("[data-testid=landing][data-number='1'] [data-testid=make-live]").ClickAsync();
        Assert.DoesNotContain("POST /api/apps/helpdesk/release", context.Api.Requests);
        await card.Find("[data-testid=landing][data-number='1'] [data-testid=make-live]").ClickAsync();

        Assert.Contains("POST /api/apps/helpdesk/release", context.Api.Requests);
    }

    [Fact]
    public async Task HistoryCard_Compare_TakesTheNewestAgainstTheLiveOne()
    {
        await using var context = new ConsoleContext();
        var card = context.Render<HistoryCard>(parameters => parameters.Add(c => c.App, "helpdesk"));

        await card.Find(ConsoleContext.TestId("history-form")).SubmitAsync();

        Assert.EndsWith("apps/helpdesk/compare?a=2&b=3", context.Services.GetRequiredService<NavigationManager>().Uri);
    }

    private static void Go(ConsoleContext context, string path) => context.Services.GetRequiredService<NavigationManager>().NavigateTo(path);
}
