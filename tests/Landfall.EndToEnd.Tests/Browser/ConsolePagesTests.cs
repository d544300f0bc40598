using Microsoft.Playwright;

namespace Landfall.EndToEnd.Browser;

/// <summary>Every page, in both languages, light and dark, wide and narrow.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class ConsolePagesTests(ConsoleFixture console)
{
    private const int Wide = 1280;
    private const int Narrow = 400;

    [Theory]
    [InlineData("en-GB", "en", false)]
    [InlineData("en-GB", "en", true)]
    [InlineData("zh-CN", "zh-Hans", false)]
    [InlineData("zh-CN", "zh-Hans", true)]
    public async Task EveryPage_OpenedByAFirstVisitor_IsCleanAndFits(string asked, string language, bool dark)
    {
        await using var page = await console.OpenAsync(asked, dark);
        foreach (var (path, status, texts) in Pages(language == "en"))
        {
            await page.Page.SetViewportSizeAsync(Wide, 900);
            Assert.Equal(status, await page.GotoAsync(path));
            Assert.Equal(language, await page.Page.Locator("html").GetAttributeAsync("lang"));
            Assert.Equal(dark ? "dark" : "light", await page.Page.Locator("html").GetAttributeAsync("data-theme"));
            Assert.Equal(1, await page.Page.Locator("h1").CountAsync());
            var seen = await page.Page.Locator("body").InnerTextAsync();
            Assert.All(texts, text => Assert.Contains(text, seen, StringComparison.Ordinal));
            await page.AssertFitsAsync();
            await page.AssertAccessibleAsync();
            await page.Page.SetViewportSizeAsync(Narrow, 900);
            await page.AssertFitsAsync();
            await page.AssertCleanAsync();
        }
    }

    [Fact]
    public async Task EveryText_OnEveryPage_CanBeReadAgainstItsGround()
    {
        foreach (var dark in new[] { false, true })
        {
            await using var page = await console.OpenAsync(dark: dark);
            foreach (var (path, _, _) in Pages(isEnglish: true))
            {
                await page.GotoAsync(path);
                Assert.Empty(await page.Page.EvaluateAsync<string[]>(Contrast));
            }
        }
    }

    [Fact]
    public async Task LanguageSwitch_Followed_StaysOnThePageAndIsRemembered()
    {
        await using var page = await console.OpenAsync();
        await page.GotoAsync("/apps/helpdesk?filter=wrong");
        await page.Test("language-zh-Hans").ClickAsync();
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("lang", "zh-Hans");
        Assert.EndsWith("/apps/helpdesk?filter=wrong", page.Page.Url, StringComparison.Ordinal);
        await page.GotoAsync("/runs");
        await Assertions.Expect(page.Page.Locator("h1")).ToHaveTextAsync("运行");
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task ThemeSwitch_Clicked_IsRemembered()
    {
        await using var page = await console.OpenAsync();
        await page.GotoAsync("/");
        await page.Test("theme-switch").ClickAsync();
        await page.Test("theme-switch").ClickAsync();
        await page.GotoAsync("/runs");
        await Assertions.Expect(page.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    private (string Path, int Status, string[] Texts)[] Pages(bool isEnglish) => isEnglish
        ?
        [
            ("/", 200, ["Apps", "helpdesk", "linear", "Completed"]),
            ("/apps/helpdesk", 200, ["Release", "Try it", "Ladder", "Comparisons", "Errors and what to do next", "Examples", "Test rows", "Meets every target"]),
            ("/runs", 200, ["Runs", "All long work, newest first.", "Completed"]),
            ($"/runs/{console.RunId}", 200, ["Ladder", "Log", "Journal", "nearest", "linear"]),
            ("/new", 200, ["New app", "Drop a data file here", "Choose a file"]),
            ("/apps/helpdesk/compare?a=1%2Fnearest&b=1%2Flinear", 200, ["Compare two releases", "accuracy", "latency-p95-ms", "Answers that changed", "Fixed"]),
            ("/no/such/page", 404, ["Page not found"]),
        ]
        :
        [
            ("/", 200, ["应用", "helpdesk", "linear", "已完成"]),
            ("/apps/helpdesk", 200, ["发布", "试一试", "阶梯", "比较", "样本", "测试"]),
            ("/runs", 200, ["运行", "已完成"]),
            ($"/runs/{console.RunId}", 200, ["阶梯", "日志", "nearest", "linear"]),
            ("/new", 200, ["新应用", "把数据文件拖到这里", "选择文件"]),
            ("/apps/helpdesk/compare?a=1%2Fnearest&b=1%2Flinear", 200, ["比较两个发布", "accuracy", "变化的回答", "变好"]),
            ("/no/such/page", 404, ["页面"]),
        ];

    // WCAG 2.2, 1.4.3: 4.5 to 1, large text 3 to 1. Elements over pictures or with see-through colours are left out.
    private const string Contrast =
        """
        () => {
          const rgb = text => { const m = text.match(/[\d.]+/g).map(Number); return m.length > 3 && m[3] < 1 ? null : m.slice(0, 3); };
          const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\)$|transparent/.test(c)) return rgb(c); } return [255, 255, 255]; };
          const bad = [];
          for (const e of document.querySelectorAll("body *")) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length || e.closest("script,style,svg,:disabled")) continue;
            const s = getComputedStyle(e), c = rgb(s.color), g = ground(e);
            if (!c || !g || s.visibility === "hidden" || s.clip !== "auto") continue;
            const [a, b] = [light(c), light(g)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
            const size = parseFloat(s.fontSize), large = size >= 24 || (size >= 18.66 && s.fontWeight >= 700);
            if (ratio < (large ? 3 : 4.5)) bad.push(`${location.pathname} ${e.className || e.tagName} "${e.textContent.trim().slice(0, 30)}" ${ratio.toFixed(2)}`);
          }
          return bad;
        }
        """;
}
