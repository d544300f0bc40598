using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Landfall.EndToEnd.Browser;

/// <summary>
/// The whole main job without a terminal: drop a file, see and correct the draft, edit a target, land, watch, try, change
/// something, land again, compare the two.
/// </summary>
[Collection(ConsoleCollection.Name)]
public sealed class JourneyTests(ConsoleFixture console)
{
    [Theory]
    [InlineData("en-GB", "en", 1280)]
    [InlineData("en-GB", "en", 400)]
    [InlineData("zh-CN", "zh", 1280)]
    [InlineData("zh-CN", "zh", 400)]
    public async Task MainJob_WithoutATerminal_GoesFromAFileToTwoReleasesCompared(string asked, string language, int width)
    {
        await using var page = await console.OpenAsync(asked, width: width);
        var app = $"city-{language}-{width}";

        await DropAsync(page, $"{app}.xlsx", width, language == "zh" ? ["市民来信", "负责部门"] : ["what was reported", "who takes care"]);
        await DraftAsync(page, app);
        await LandAsync(page);
        await TryAsync(page, app);
        await ChangeAndLandAgainAsync(page, app);
        await CompareAsync(page, app);
        await page.AssertCleanAsync();
    }

    private static async Task DropAsync(WatchedPage page, string name, int width, string[] columns)
    {
        await page.GotoAsync("/runs");
        if (width < 860)
        {
            await page.Test("nav-menu").ClickAsync();
        }

        await page.Test("nav-apps").ClickAsync();
        await page.Test("new-app").ClickAsync();
        await Expect(page.Test("drop")).ToHaveAttributeAsync("data-ready", "true");

        // What a browser does with a file that is let go over the page.
        await page.Page.EvaluateAsync(
            """
            ([name, content]) => {
              const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
              const transfer = new DataTransfer();
              transfer.items.add(new File([bytes], name));
              document.querySelector("[data-testid=drop]").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
            }
            """,
            new[] { name, Convert.ToBase64String(Workbook.Of(Rows(columns))) });
        await Expect(page.Test("upload")).ToHaveAttributeAsync("data-state", "done");

        // No column is named for what it holds, so the page asks.
        await Expect(page.Test("preview-rows")).ToBeVisibleAsync();
        await Expect(page.Test("draft")).ToBeDisabledAsync();
        await page.Test("column-text").SelectOptionAsync(columns[0]);
        await page.Test("column-expected").SelectOptionAsync(columns[1]);
        await Expect(page.Test("draft")).ToBeEnabledAsync();
        await LookAsync(page);
    }

    private static async Task DraftAsync(WatchedPage page, string app)
    {
        await page.Test("draft").ClickAsync();
        await Expect(page.Test("field-app")).ToHaveValueAsync(app);
        await Expect(page.Test("assumption").First).ToBeVisibleAsync();
        await Expect(page.Test("land")).ToBeEnabledAsync();

        // A field changes the text, and the text the field.
        await page.Test("target-bound").First.FillAsync("0.6");
        await page.Test("target-bound").First.PressAsync("Tab");
        await Expect(page.Test("brief-text")).ToHaveValueAsync(Pattern("at-least: 0\\.6\\b"));
        var text = await page.Test("brief-text").InputValueAsync();
        await page.Test("brief-text").FillAsync(text.Replace("at-least: 0.6", "at-lest: 0.6", StringComparison.Ordinal));
        await Expect(page.Test("brief-problem").First).ToHaveAttributeAsync("data-severity", "error");
        await Expect(page.Test("land")).ToBeDisabledAsync();
        await page.Test("problem-line").First.ClickAsync();
        await Expect(page.Test("brief-text")).ToBeFocusedAsync();
        await page.Test("brief-text").FillAsync("# Agreed with the city's service desk.\n" + text);
        await Expect(page.Test("land")).ToBeEnabledAsync();

        // What is edited is on the server: it is still there when the page is opened again.
        await page.GotoAsync(new Uri(page.Page.Url).PathAndQuery);
        await Expect(page.Test("brief-text")).ToHaveValueAsync(Pattern("^# Agreed"));
        await Expect(page.Test("plan-step").First).ToBeVisibleAsync();
        await LookAsync(page);
    }

    private static async Task LandAsync(WatchedPage page)
    {
        await Expect(page.Test("land")).ToBeEnabledAsync();
        await page.Test("land").ClickAsync();
        await Expect(page.Test("run-ladder").Or(page.Test("run-log"))).Not.ToHaveCountAsync(0);
        await Expect(page.Test("run-state")).ToHaveAttributeAsync("data-state", "completed", new() { Timeout = 120_000 });
        await LookAsync(page);
        await page.Test("run-app").ClickAsync();
        await Expect(page.Test("ladder")).ToBeVisibleAsync();
        await LookAsync(page);
    }

    private static async Task TryAsync(WatchedPage page, string app)
    {
        await Expect(page.Test("app-name")).ToHaveTextAsync(app);
        await page.Test("try-text").FillAsync("the street light in front of house 7 is broken");
        await page.Test("try-text").PressAsync("Control+Enter");
        await Expect(page.Test("try-label")).ToHaveTextAsync("street_light");
    }

    private static async Task ChangeAndLandAgainAsync(WatchedPage page, string app)
    {
        await page.Test("edit-brief").ClickAsync();
        await Expect(page.Test("brief-text")).ToHaveValueAsync(Pattern("^# Agreed"));
        await Expect(page.Test("draft-copy")).ToHaveCountAsync(0);
        await Expect(page.Test("land")).ToBeEnabledAsync();
        await page.Test("techniques-chosen").CheckAsync();
        await page.Test("technique-linear").UncheckAsync();
        await Expect(page.Test("brief-text")).ToHaveValueAsync(Pattern("techniques: \\[nearest, prompt, prompt-tuning, prefix, lora, qlora, full\\]"));
        await Expect(page.Page.Locator("[data-testid=plan-step]")).ToHaveCountAsync(7);
        foreach (var technique in new[] { "prompt", "prompt-tuning", "prefix", "lora", "qlora", "full" })
        {
            await page.Test($"technique-{technique}").UncheckAsync();
        }

        await Expect(page.Test("brief-text")).Not.ToHaveValueAsync(Pattern("techniques: auto"));
        await Expect(page.Test("brief-text")).ToHaveValueAsync(Pattern("^# Agreed"));
        await Expect(page.Test("saved")).ToHaveAttributeAsync("data-saved", "true");
        await Expect(page.Page.Locator("[data-testid=plan-step]")).ToHaveCountAsync(1);
        await LandAsync(page);
        await Expect(page.Page.Locator("[data-testid=landing]")).ToHaveCountAsync(2);
        Assert.EndsWith($"/apps/{app}", page.Page.Url, StringComparison.Ordinal);
    }

    private static async Task CompareAsync(WatchedPage page, string app)
    {
        await page.Test("compare").ClickAsync();
        await Expect(page.Test("comparison")).ToBeVisibleAsync();
        await page.Test("compare-a").SelectOptionAsync("1/linear");
        await page.Test("compare-b").SelectOptionAsync("2/nearest");
        await page.Test("compare-go").ClickAsync();
        await Expect(page.Page).ToHaveURLAsync(Pattern($"/apps/{app}/compare\\?a=1%2Flinear&b=2%2Fnearest$"));
        await Expect(page.Page.Locator("[data-testid=compared-metric][data-metric=accuracy]")).ToBeVisibleAsync();
        await LookAsync(page);
    }

    private static async Task LookAsync(WatchedPage page)
    {
        await page.AssertFitsAsync();
        await page.AssertAccessibleAsync();
    }

    /// <summary>What citizens write to a city: enough rows to tell four services apart, few enough to be trained in a moment.</summary>
    private static IEnumerable<string[]> Rows(string[] columns)
    {
        (string Label, string[] Things, string[] Troubles)[] services =
        [
            ("street_light", ["the street light", "the lamp post", "the lantern"], ["is broken", "stays dark at night", "flickers all evening", "is on during the day"]),
            ("waste", ["our bin", "the paper container", "the garbage"], ["was not emptied", "is overflowing", "smells", "was left by the lorry"]),
            ("parking", ["a car", "a van", "a trailer"], ["blocks the pavement", "is parked on the crossing", "stands there without a permit", "occupies the disabled space"]),
            ("park", ["the bench", "the playground", "the hedge"], ["is damaged", "needs to be cut", "has broken glass on it", "was painted over"]),
        ];
        var rows = services.SelectMany(s => s.Things.SelectMany(thing => s.Troubles.SelectMany(trouble => Enumerable.Range(1, 10).Select(house =>
            new[] { string.Create(CultureInfo.InvariantCulture, $"{thing} in front of house {house} {trouble}"), s.Label }))));
        return rows.Select((row, i) => (Row: row, Key: (uint)(i * 2654435761))).OrderBy(r => r.Key).Select(r => r.Row).Prepend(columns);
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
}
