using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Landfall.EndToEnd.Browser;

/// <summary>What a user does on the pages.</summary>
[Collection(ConsoleCollection.Name)]
public sealed partial class ConsoleUseTests(ConsoleFixture console)
{
    [Fact]
    public async Task Keyboard_FromTheTopOfAnApp_ReachesTheTryBoxAndAsks()
    {
        await using var page = await console.OpenAsync();
        await page.GotoAsync("/apps/helpdesk");

        // A page that has just been opened has its heading focused; the link lies before it, as the first of all.
        await page.Test("skip-link").FocusAsync();
        await Expect(page.Test("skip-link")).ToBeInViewportAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Page.Locator("#content")).ToBeFocusedAsync();
        Assert.EndsWith("/apps/helpdesk#content", page.Page.Url, StringComparison.Ordinal);

        Assert.True(await TabToAsync(page, "try-text", atMost: 25), "25 times Tab do not reach the try box.");
        await page.Page.Keyboard.TypeAsync("My bill is twice as high as last month, why?");
        await page.Page.Keyboard.PressAsync("Tab");
        await Expect(page.Test("try-ask")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(page.Test("try-label")).Not.ToBeEmptyAsync();
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task TryBox_Asked_AnswersWithALabelOrTheReply()
    {
        await using var page = await console.OpenAsync();
        await page.GotoAsync("/apps/helpdesk");
        await Expect(page.Test("try-ask")).ToBeDisabledAsync();
        await page.Test("try-text").FillAsync("I do not understand a charge on my latest bill");
        await page.Test("try-text").PressAsync("Control+Enter");
        await Expect(page.Test("try-label")).ToHaveTextAsync("billing_question");
        await page.Test("try-text").FillAsync("What is a good recipe for a chocolate cake?");
        await page.Test("try-ask").ClickAsync();
        await Expect(page.Test("try-label")).ToHaveTextAsync("out_of_scope");
        await Expect(page.Test("try-answer")).ToContainTextAsync("Harbor Broadband");
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task ErrorCluster_Opened_ShowsItsExamples()
    {
        await using var page = await console.OpenAsync();
        await page.GotoAsync("/apps/helpdesk");
        var cluster = page.Test("cluster").First;
        var expected = await cluster.Locator(".label-expected").InnerTextAsync();
        var got = await cluster.Locator(".label-got").InnerTextAsync();
        await cluster.GetByTestId("cluster-link").ClickAsync();
        await Expect(page.Test("filter-wrong")).ToHaveAttributeAsync("aria-current", "true");
        await Expect(page.Test("filter-clear")).ToBeVisibleAsync();
        await Expect(page.Test("examples")).ToBeInViewportAsync();
        await Expect(page.Page.Locator("[data-testid=example][data-correct=true]")).ToHaveCountAsync(0);
        foreach (var example in await page.Test("example").AllAsync())
        {
            // A group may share one side only, and says so in words; a label proper must be that of each row.
            await AssertLabelAsync(example, ".label-expected", expected);
            await AssertLabelAsync(example, ".label-got", got);
        }

        await page.Test("filter-clear").ClickAsync();
        await Expect(page.Test("filter-clear")).ToHaveCountAsync(0);
        await page.Test("page-next").ClickAsync();
        await Expect(page.Test("page-range")).ToContainTextAsync(SecondPage());
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task RunPage_WhileALandingRuns_ShowsLogAndLadderAndCancels()
    {
        await using var page = await console.OpenAsync();
        await page.GotoAsync("/runs");
        await using var landing = console.Land(console.CopyLarge("helpdesk-large", times: 12));
        var link = page.Page.Locator("[data-testid=run-link]", new() { HasText = "helpdesk-large" });
        await link.ClickAsync();

        // The list has a state for each run; the page has one.
        await page.Page.WaitForURLAsync("**/runs/*");
        await Expect(page.Test("run-cancel")).ToBeVisibleAsync();
        await Expect(page.Test("run-state")).ToHaveAttributeAsync("data-state", "running");
        await Expect(page.Test("run-log").Locator("li").Nth(1)).ToBeVisibleAsync();
        await Expect(page.Test("run-ladder")).ToContainTextAsync("nearest", new() { Timeout = 60_000 });
        await Expect(page.Test("run-state")).ToHaveAttributeAsync("data-state", "running");
        await page.AssertFitsAsync();
        await page.Test("run-cancel").ClickAsync();
        await Expect(page.Test("run-state")).ToHaveAttributeAsync("data-state", "cancelled");
        await Expect(page.Test("run-resume")).ToBeVisibleAsync();
        await page.AssertCleanAsync();
        Assert.NotEqual(0, (await landing.WaitAsync(CancellationToken.None)).ExitCode);
    }

    [Fact]
    public async Task Report_OpenedFromTheApp_IsOneReadableFile()
    {
        await using var page = await console.OpenAsync();
        await page.GotoAsync("/apps/helpdesk");
        var opened = await page.Page.Context.RunAndWaitForPageAsync(() => page.Test("report-html").ClickAsync());
        await using var report = new WatchedPage(opened);
        await opened.WaitForLoadStateAsync();
        await Expect(opened.Locator("h1")).ToContainTextAsync("helpdesk");
        await Expect(opened.Locator("figure svg, section svg").First).ToBeVisibleAsync();
        await report.AssertFitsAsync();
        await opened.SetViewportSizeAsync(400, 900);
        await report.AssertFitsAsync();
        await report.AssertCleanAsync();
    }

    private static async Task AssertLabelAsync(ILocator example, string side, string label)
    {
        if (LabelProper().IsMatch(label))
        {
            await Expect(example.Locator(side)).ToContainTextAsync(label);
        }
    }

    private static async Task<bool> TabToAsync(WatchedPage page, string id, int atMost)
    {
        for (var pressed = 0; pressed < atMost; pressed++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await page.Page.EvaluateAsync<string?>("() => document.activeElement?.dataset.testid") == id)
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex("^[a-z_]+$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelProper();

    // The browser evaluates this one.
    [GeneratedRegex("^[2-9][0-9]?–", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecondPage();
}
