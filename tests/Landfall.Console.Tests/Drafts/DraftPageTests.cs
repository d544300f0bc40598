using Bunit;
using Landfall.Console.Drafts;
using Landfall.Console.Tests.FakeServer;
using Landfall.Protocol.Briefs;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Console.Tests.Drafts;

public sealed class DraftPageTests
{
    [Fact]
    public async Task DraftPage_Opened_ShowsAssumptionsFormTextAndPlan()
    {
        await using var context = new ConsoleContext();

        var page = Render(context);

        Assert.Equal(2, page.FindAll(ConsoleContext.TestId("assumption")).Count);
        Assert.Equal("support", page.Find(ConsoleContext.TestId("field-app")).GetAttribute("value"));
        Assert.Equal("0.85", page.Find(ConsoleContext.TestId("target-bound")).GetAttribute("value"));
        Assert.Equal(FakeDrafts.Text, page.Find(ConsoleContext.TestId("brief-text")).GetAttribute("value"));
        Assert.Equal(["accuracy", "latency-p95-ms"], page.FindAll("[data-testid=target-metric] option").Select(option => option.GetAttribute("value")));
        Assert.Equal(2, page.FindAll(ConsoleContext.TestId("plan-step")).Count);
        Assert.False(page.Find(ConsoleContext.TestId("land")).HasAttribute("disabled"));
        Assert.Contains(page.FindAll(ConsoleContext.TestId("preview-rows")), table => table.TextContent.Contains("Where is my order?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DraftPage_FieldChanged_SavesTheEditedText()
    {
        await using var context = new ConsoleContext();
        var page = Render(context);

        await page.Find(ConsoleContext.TestId("target-bound")).ChangeAsync(new ChangeEventArgs { Value = "0.9" });

        page.WaitForAssertion(() => Assert.EndsWith("# edited\n", page.Find(ConsoleContext.TestId("brief-text")).GetAttribute("value")));
        Assert.EndsWith("# edited\n", context.Api.Draft.Text);
        Assert.Equal("true", page.Find(ConsoleContext.TestId("saved")).GetAttribute("data-saved"));
    }

    [Fact]
    public async Task DraftPage_TextTyped_IsSavedOnceTypingPauses()
    {
        await using var context = new ConsoleContext();
        var page = Render(context);

        _ = page.Find(ConsoleContext.TestId("brief-text")).InputAsync(new ChangeEventArgs { Value = "app: a" });
        _ = page.Find(ConsoleContext.TestId("brief-text")).InputAsync(new ChangeEventArgs { Value = "app: ab" });

        page.WaitForAssertion(() => Assert.Equal("app: ab", context.Api.Draft.Text), TimeSpan.FromSeconds(10));
        Assert.Single(context.Api.Requests, request => request.StartsWith("PUT api/drafts", StringComparison.Ordinal) || request.StartsWith("PUT /api/drafts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DraftPage_TextWithAnError_ShowsItBesideItsLineAndDoesNotLand()
    {
        await using var context = new ConsoleContext();
        var page = Render(context);

        _ = page.Find(ConsoleContext.TestId("brief-text")).InputAsync(new ChangeEventArgs { Value = "app: {broken" });

        page.WaitForAssertion(() => Assert.Equal("1", page.Find(ConsoleContext.TestId("brief-problem")).GetAttribute("data-line")), TimeSpan.FromSeconds(10));
        Assert.Equal("✕ 1", page.Find(".editor-error").TextContent);
        Assert.True(page.Find(ConsoleContext.TestId("land")).HasAttribute("disabled"));
        Assert.True(page.Find("[data-testid=essentials] fieldset").HasAttribute("disabled"));
        Assert.Empty(page.FindAll(ConsoleContext.TestId("plan-step")));
    }

    [Fact]
    public async Task DraftPage_Warning_StillLands()
    {
        await using var context = new ConsoleContext(new FakeApi { Problems = [new BriefProblem(Severity.Warning, "test-too-small", 10, "targets[0]", "Too few rows.")] });
        var page = Render(context);

        await page.Find(ConsoleContext.TestId("land")).ClickAsync();

        Assert.Contains("runs/", context.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Contains("POST /api/landings", context.Api.Requests);
    }

    [Fact]
    public async Task DraftPage_ChangedBySomeoneElse_SaysSoAndKeepsTheText()
    {
        await using var context = new ConsoleContext();
        var page = Render(context);
        context.Api.IsDraftTaken = true;

        _ = page.Find(ConsoleContext.TestId("brief-text")).InputAsync(new ChangeEventArgs { Value = "app: mine" });

        page.WaitForAssertion(() => Assert.Contains("ada has changed this draft", page.Find(ConsoleContext.TestId("problem")).TextContent), TimeSpan.FromSeconds(10));
        Assert.Equal("app: mine", page.Find(ConsoleContext.TestId("brief-text")).GetAttribute("value"));
        Assert.True(page.Find(ConsoleContext.TestId("land")).HasAttribute("disabled"));
    }

    [Fact]
    public async Task DraftPage_Unknown_SaysSo()
    {
        await using var context = new ConsoleContext();

        Assert.NotNull(context.Render<DraftPage>(parameters => parameters.Add(page => page.Id, "none")).Find(ConsoleContext.TestId("draft-missing")));
    }

    private static IRenderedComponent<DraftPage> Render(ConsoleContext context) => context.Render<DraftPage>(parameters => parameters.Add(page => page.Id, "0123"));
}
