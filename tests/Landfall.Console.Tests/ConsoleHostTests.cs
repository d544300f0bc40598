using System.Net;
using Landfall.Console.Tests.FakeServer;

namespace Landfall.Console.Tests;

/// <summary>The console over HTTP: what the browser gets before any script runs.</summary>
public sealed class ConsoleHostTests
{
    [Theory]
    [InlineData("/", null, "en", "Apps")]
    [InlineData("/", "zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans", "应用")]
    [InlineData("/", "en-GB,zh;q=0.5", "en", "Apps")]
    [InlineData("/", "fr,zh-TW;q=0.5", "zh-Hans", "应用")]
    [InlineData("/apps/helpdesk", null, "en", "Ladder")]
    [InlineData("/apps/helpdesk", "zh", "zh-Hans", "阶梯")]
    [InlineData("/runs", null, "en", "Land meeting-notes")]
    [InlineData("/runs/" + FakeContent.FailedId, null, "en", "Journal")]
    public async Task Page_BeforeScripts_HasContentInTheLanguageAskedFor(string path, string? accept, string language, string content)
    {
        await using var app = await ConsoleHost.StartAsync(new FakeApi());
        using var http = Client(app);
        if (accept is not null)
        {
            http.DefaultRequestHeaders.Add("Accept-Language", accept);
        }

        var html = WebUtility.HtmlDecode(await http.GetStringAsync(path));

        Assert.Contains($"<html lang=\"{language}\"", html);
        Assert.Contains(content, html);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/apps/none")]
    [InlineData("/runs/none")]
    public async Task Page_OfWhatDoesNotExist_Answers404WithAPage(string path)
    {
        await using var app = await ConsoleHost.StartAsync(new FakeApi());
        using var http = Client(app);

        var response = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("data-testid=\"wordmark\"", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/none")]
    [InlineData("/v1/none")]
    public async Task Api_OfWhatDoesNotExist_AnswersWithoutAPage(string path)
    {
        await using var app = await ConsoleHost.StartAsync(new FakeApi());
        using var http = Client(app);

        var response = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("_content/MudBlazor/MudBlazor.min.css")]
    [InlineData("_content/MudBlazor/MudBlazor.min.js")]
    [InlineData("_content/Landfall.Console/tokens.css")]
    [InlineData("_content/Landfall.Console/console.css")]
    [InlineData("_content/Landfall.Console/theme.js")]
    [InlineData("_content/Landfall.Console/copy.js")]
    [InlineData("_content/Landfall.Console/mark.svg")]
    [InlineData("_framework/blazor.web.js")]
    public async Task Asset_FromAnyFolder_HasContent(string path)
    {
        await using var app = await ConsoleHost.StartAsync(new FakeApi());
        using var http = Client(app);

        Assert.NotEmpty(await http.GetByteArrayAsync(path));
    }

    [Fact]
    public async Task Page_EveryAddressInIt_StaysOnThisServer()
    {
        await using var app = await ConsoleHost.StartAsync(new FakeApi());
        using var http = Client(app);

        var html = await http.GetStringAsync("/apps/helpdesk");

        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
        Assert.DoesNotMatch("@import|url\\(https?:", await http.GetStringAsync("_content/Landfall.Console/console.css"));
    }

    [Theory]
    [InlineData("/apps/helpdesk?filter=wrong", "/apps/helpdesk?filter=wrong")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    public async Task Language_Chosen_IsKeptAndReturnsToThisServerOnly(string back, string expected)
    {
        await using var app = await ConsoleHost.StartAsync(new FakeApi());
        using var http = Client(app);

        var response = await http.GetAsync($"/language/zh-Hans?back={Uri.EscapeDataString(back)}");

        Assert.Equal(expected, response.Headers.Location?.OriginalString);
        Assert.Contains("<html lang=\"zh-Hans\"", await http.GetStringAsync("/"));
    }

    private static HttpClient Client(Microsoft.AspNetCore.Builder.WebApplication app) =>
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
}
