using Microsoft.Playwright;

namespace Landfall.EndToEnd.Browser;

/// <summary>Cleaning and labelling in the browser, by keys, wide and narrow.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class DatasetUseTests(ConsoleFixture console)
{
    private const float Patience = 180_000;

    [Theory]
    [InlineData("en-GB", 1280)]
    [InlineData("zh-CN", 400)]
    public async Task Dataset_CleanedAndLabelledByKeys_BecomesNewVersions(string language, int width)
    {
        await using var page = await console.OpenAsync(language, width: width);
        await page.GotoAsync("/datasets");
        await page.Page.Locator("[data-name='helpdesk/train']").Locator("[data-testid=dataset-link]").ClickAsync();
        await page.Test("view-statistics").ClickAsync();
        await page.Test("histogram").First.WaitForAsync();
        await page.AssertFitsAsync();

        await page.Test("view-work").ClickAsync();
        await page.Test("clean-start").ClickAsync();
        await page.Test("change").First.WaitForAsync(new() { Timeout = Patience });
        await page.AssertFitsAsync();
        await page.Test("review").FocusAsync();
        await page.Page.Keyboard.PressAsync("a");
        await Assertions.Expect(page.Test("change").First).ToHaveAttributeAsync("data-verdict", "accepted");
        await page.Page.Keyboard.PressAsync("r");
        await Assertions.Expect(page.Test("change").Nth(1)).ToHaveAttributeAsync("data-verdict", "rejected");
        await page.Test("cleaning-apply").ClickAsync();
        await page.Test("cleaning-made").WaitForAsync();
        await page.Test("cleaning-made").Locator("a").ClickAsync();
        await page.Test("lineage").WaitForAsync();

        await page.Test("view-work").ClickAsync();
        await page.Test("label-labels").FillAsync("good, bad");
        await page.Test("label-start").ClickAsync();
        await page.Test("label-begin").ClickAsync();
        await page.Test("label-text").WaitForAsync();
        await page.AssertFitsAsync();
        await page.Page.Keyboard.PressAsync("1");
        await Assertions.Expect(page.Test("label-done")).ToContainTextAsync("1 ");
        await page.Page.Keyboard.PressAsync("u");
        await Assertions.Expect(page.Test("label-done")).ToContainTextAsync("0 ");
        await page.AssertCleanAsync();
    }
}
