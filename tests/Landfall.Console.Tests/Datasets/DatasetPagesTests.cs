using Bunit;
using Landfall.Console.Cleaning;
using Landfall.Console.Datasets;
using Landfall.Console.Labelling;
using Landfall.Console.Tests.FakeServer;
using Landfall.Protocol.Labelling;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Console.Tests.Datasets;

public sealed class DatasetPagesTests
{
    [Fact]
    public async Task DatasetsPage_Versions_StandUnderTheirName()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<DatasetsPage>();
        Assert.Equal(["helpdesk"], page.FindAll(ConsoleContext.TestId("dataset")).Select(d => d.GetAttribute("data-name")));
        Assert.Equal(2, page.FindAll(".versions li").Count);
    }

    [Fact]
    public async Task DatasetPage_Search_AsksForTheRowsThatFit()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, "?view=rows&search=wifi%20password&page=2");
        Assert.Equal(20, page.FindAll(ConsoleContext.TestId("row")).Count);
        Assert.Contains(context.Api.Requests, r => r.Contains("offset=20&limit=20&search=wifi%20password", StringComparison.Ordinal));
        Assert.Contains("ada", page.Find(ConsoleContext.TestId("lineage")).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatasetPage_Statistics_ArePlotted()
    {
        await using var context = new ConsoleContext();
        var page = Render(context, "?view=statistics");
        Assert.Equal(2, page.FindAll(ConsoleContext.TestId("histogram")).Count);
        Assert.Equal(12, page.FindAll(".labelbars li").Count);
    }

    [Fact]
    public async Task CleaningPage_Keys_AcceptAndRejectTheCurrentChange()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<CleaningPage>(p => p.Add(c => c.Id, FakeDatasets.Cleaning));
        var review = page.Find(ConsoleContext.TestId("review"));
        await review.KeyDownAsync(new KeyboardEventArgs { Key = "a" });
        await page.Find(ConsoleContext.TestId("review")).KeyDownAsync(new KeyboardEventArgs { Key = "r" });
        Assert.Equal(["accepted", "rejected", "open"], page.FindAll(ConsoleContext.TestId("change")).Select(c => c.GetAttribute("data-verdict")));
        await page.Find(ConsoleContext.TestId("accept-labels")).ClickAsync();
        await page.Find(ConsoleContext.TestId("cleaning-apply")).ClickAsync();
        Assert.NotEmpty(page.FindAll(ConsoleContext.TestId("cleaning-made")));
    }

    [Fact]
    public async Task CleaningPage_UnknownProposal_SaysSo()
    {
        await using var context = new ConsoleContext();
        Assert.NotEmpty(context.Render<CleaningPage>(p => p.Add(c => c.Id, "none")).FindAll(ConsoleContext.TestId("cleaning-missing")));
    }

    [Fact]
    public async Task LabelPage_Keys_LabelSkipAndUndo()
    {
        await using var context = new ConsoleContext();
        var page = context.Render<LabelPage>(p => p.Add(l => l.Id, FakeDatasets.Labelling));
        Assert.Equal(3, page.FindAll(ConsoleContext.TestId("agreement") + " li").Count);
        await page.Find(ConsoleContext.TestId("label-begin")).ClickAsync();
        foreach (var key in new[] { "2", "s", "?", "u", "x" })
        {
            await page.Find(ConsoleContext.TestId("label-card")).KeyDownAsync(new KeyboardEventArgs { Key = key });
        }

        Assert.Equal([LabelAction.Label, LabelAction.Skip, LabelAction.Unsure, LabelAction.Undo], context.Api.Datasets.Labels.Select(l => l.Action));
        Assert.Equal(["refund"], context.Api.Datasets.Labels[0].Values);
        await page.Find(ConsoleContext.TestId("adjudicate")).ClickAsync();
        Assert.Equal((LabelAction.Adjudicate, 4), (context.Api.Datasets.Labels[^1].Action, context.Api.Datasets.Labels[^1].Row));
    }

    private static IRenderedComponent<DatasetPage> Render(ConsoleContext context, string query)
    {
        context.Services.GetRequiredService<NavigationManager>().NavigateTo($"datasets/{FakeDatasets.Version}{query}");
        return context.Render<DatasetPage>(p => p.Add(d => d.Version, FakeDatasets.Version));
    }
}
