using Microsoft.Playwright;

namespace Landfall.EndToEnd.Browser;

/// <summary>Writes the pictures of docs/images, when LANDFALL_SCREENSHOTS=1 asks for them.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ScreenshotTests(ConsoleFixture console)
{
    // Whole pages where they are shorter than this, else their beginning.
    private const int Tallest = 1700;

    [Fact]
    public async Task Pages_WhenAskedFor_AreWrittenToTheDocumentation()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("LANDFALL_SCREENSHOTS") == "1", "LANDFALL_SCREENSHOTS=1 writes docs/images.");
        foreach (var (language, suffix) in new[] { ("en-GB", ""), ("zh-CN", "-zh") })
        {
            await TakeAsync("/", $"apps{suffix}", language);
            await TakeAsync("/apps/helpdesk", $"app{suffix}", language, ask: true);
            await TakeAsync("/runs", $"runs{suffix}", language);
            await TakeAsync($"/runs/{console.RunId}", $"run{suffix}", language);
            await TakeAsync("/no/such/page", $"not-found{suffix}", language);
            await TakeAsync("/apps/helpdesk/compare?a=1%2Fnearest&b=1%2Flinear", $"compare{suffix}", language);
            await TakeNewAppAsync(suffix, language);
        }

        await TakeAsync("/apps/helpdesk", "app-zh-dark", "zh-CN", dark: true, ask: true);
        await TakeAsync("/apps/helpdesk", "app-400", "en-GB", width: 400, ask: true);
        await TakeAsync("/api/apps/helpdesk/report?format=html", "report", "en-GB", isConsole: false);
    }

    private async Task TakeAsync(string path, string name, string language, bool dark = false, int width = 1280, bool ask = false, bool isConsole = true)
    {
        await using var page = await console.OpenAsync(language, dark, width);
        if (isConsole)
        {
            await page.GotoAsync(path);
        }
        else
        {
            await page.Page.GotoAsync(path);
        }

        if (ask)
        {
            await page.Test("try-text").FillAsync("Why is my bill twice as high this month?");
            await page.Test("try-ask").ClickAsync();
            await page.Test("try-answer").WaitForAsync();
        }

        if (path.StartsWith("/runs/", StringComparison.Ordinal))
        {
            await page.Test("journal-entry").First.WaitForAsync();
        }

        await WriteAsync(page, name, width);
    }

    // The sample data, dropped and drafted: the file's page and the draft's.
    private async Task TakeNewAppAsync(string suffix, string language)
    {
        await using var page = await console.OpenAsync(language);
        await page.GotoAsync("/new");
        await page.Test("drop-sample").ClickAsync();
        await page.Test("preview-rows").WaitForAsync();
        await WriteAsync(page, $"new{suffix}", width: 1280);
        await page.Test("draft").ClickAsync();
        await page.Test("plan-step").First.WaitForAsync();
        await WriteAsync(page, $"draft{suffix}", width: 1280);
    }

    private static async Task WriteAsync(WatchedPage page, string name, int width)
    {
        await page.Page.Mouse.MoveAsync(0, 0);
        var height = await page.Page.EvaluateAsync<int>(
            """
            () => {
              document.activeElement?.blur();
              scrollTo(0, 0);

              // In a picture of the whole page a bar that sticks to the window's foot would lie in its middle.
              document.querySelectorAll(".actionbar").forEach(bar => { bar.style.position = "static"; });
              return Math.ceil((document.querySelector("main") ?? document.documentElement).getBoundingClientRect().bottom);
            }
            """);
        await page.Page.ScreenshotAsync(new()
        {
            Path = RepositoryRoot.PathOf("docs", "images", $"{name}.png"),
            FullPage = true,
            Clip = new Clip { Width = width, Height = Math.Min(height, Tallest) },
            Animations = ScreenshotAnimations.Disabled,
        });
    }
}
