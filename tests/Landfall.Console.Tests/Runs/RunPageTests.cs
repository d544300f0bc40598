using Bunit;
using Landfall.Console.Runs;
using Landfall.Console.Tests.FakeServer;

namespace Landfall.Console.Tests.Runs;

public sealed class RunPageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task RunPage_LiveRun_ShowsLogJournalAndRowsAsTheyCome()
    {
        await using var context = new ConsoleContext();

        var page = Render(context, FakeContent.RunningId);

        page.WaitForAssertion(() => Assert.Equal(["nearest"], page.FindAll(ConsoleContext.TestId("ladder-row")).Select(row => row.GetAttribute("data-candidate"))), Patience);
        Assert.Equal(FakeContent.Log.Count, page.FindAll("[data-testid=run-log] li").Count);
        Assert.Equal(5, page.FindAll(ConsoleContext.TestId("journal-entry")).Count);
        Assert.Contains("42%", page.Find(ConsoleContext.TestId("run-progress")).TextContent);
    }

    [Fact]
    public async Task RunPage_LiveRunCancelled_ShowsItAndOffersToResume()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, FakeContent.RunningId);

        await page.Find(ConsoleContext.TestId("run-cancel")).ClickAsync();

        Assert.Contains(context.Api.Requests, request => request == $"POST /api/runs/{FakeContent.RunningId}/cancel");
    }

    [Fact]
    public async Task RunPage_FailedRun_SaysWhyAndResumes()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, FakeContent.FailedId);
        Assert.Contains("line 214", page.Find(ConsoleContext.TestId("run-error")).TextContent);

        await page.Find(ConsoleContext.TestId("run-resume")).ClickAsync();

        Assert.Contains(context.Api.Requests, request => request == $"POST /api/runs/{FakeContent.FailedId}/resume");
    }

    [Fact]
    public async Task RunPage_ConnectionLost_SaysSo()
    {
        await using var context = new ConsoleContext(new FakeApi { StreamStaysOpen = TimeSpan.Zero });
        var page = Render(context, FakeContent.RunningId);
        context.Api.IsDown = true;

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(ConsoleContext.TestId("run-lost"))), Patience);
    }

    [Fact]
    public async Task RunsPage_WithRuns_ShowsEachWithItsState()
    {
        await using var context = new ConsoleContext();

        var page = context.Render<RunsPage>();

        Assert.Equal(["running", "failed", "completed", "cancelled", "completed", "pending"], page.FindAll(ConsoleContext.TestId("run-state")).Select(state => state.GetAttribute("data-state")));
    }

    [Fact]
    public async Task RunsPage_WithoutRuns_SaysSo()
    {
        await using var context = new ConsoleContext(new FakeApi { IsEmpty = true });

        Assert.NotNull(context.Render<RunsPage>().Find(ConsoleContext.TestId("runs-empty")));
    }

    private static IRenderedComponent<RunPage> Render(ConsoleContext context, string id) =>
        context.Render<RunPage>(parameters => parameters.Add(page => page.Id, id));
}
