using Bunit;
using Landfall.Console.Drafts;
using Landfall.Console.Tests.FakeServer;
using Microsoft.AspNetCore.Components;

namespace Landfall.Console.Tests.Drafts;

public sealed class FileDropTests
{
    [Fact]
    public async Task FileDrop_FileSent_ShowsItsProgressAndThenThatItIsThere()
    {
        await using var context = new ConsoleContext();
        IReadOnlyList<Upload> told = [];
        var drop = context.Render<FileDrop>(parameters => parameters.Add(d => d.OnChange, (IReadOnlyList<Upload> uploads) => told = uploads));

        await drop.InvokeAsync(() => drop.Instance.Begun(1, "rows.csv", 200));
        await drop.InvokeAsync(() => drop.Instance.Progressed(1, 50));

        Assert.Equal("50", drop.Find("progress").GetAttribute("value"));
        await drop.InvokeAsync(() => drop.Instance.Arrived(1, new string('a', 64), 200));
        Assert.Empty(drop.FindAll("progress"));
        Assert.Equal("done", drop.Find(ConsoleContext.TestId("upload")).GetAttribute("data-state"));
        Assert.Equal(new string('a', 64), Assert.Single(told).Sha256);
    }

    [Fact]
    public async Task FileDrop_FileRefused_SaysWhyAndLetsGo()
    {
        await using var context = new ConsoleContext();
        var drop = context.Render<FileDrop>();

        await drop.InvokeAsync(() => drop.Instance.Begun(1, "rows.csv", 200));
        await drop.InvokeAsync(() => drop.Instance.Failed(1, "No space is left."));

        Assert.Equal("No space is left.", drop.Find("[role=alert]").TextContent);
        await drop.Find(ConsoleContext.TestId("upload-cancel")).ClickAsync();
        Assert.Empty(drop.FindAll(ConsoleContext.TestId("upload")));
    }

    [Fact]
    public async Task NewAppFlow_FileArrived_ShowsWhatWasUnderstoodAndDrafts()
    {
        await using var context = new ConsoleContext();
        var flow = context.Render<NewAppFlow>();
        var drop = flow.FindComponent<FileDrop>();

        await drop.InvokeAsync(() => drop.Instance.Begun(1, "rows.csv", 200));
        await drop.InvokeAsync(() => drop.Instance.Arrived(1, new string('a', 64), 200));

        Assert.Equal(["text", "label", "channel"], flow.FindAll("[data-testid=column-text] option").Select(option => option.GetAttribute("value")));
        await flow.Find(ConsoleContext.TestId("draft")).ClickAsync();
        Assert.Contains("POST /api/drafts", context.Api.Requests);
    }

    [Fact]
    public async Task NewAppFlow_ColumnsWithoutKnownNames_AsksWhichIsWhich()
    {
        await using var context = new ConsoleContext(new FakeApi { IsUnnamed = true });
        var flow = context.Render<NewAppFlow>();
        var drop = flow.FindComponent<FileDrop>();
        await drop.InvokeAsync(() => drop.Instance.Begun(1, "rows.csv", 200));
        await drop.InvokeAsync(() => drop.Instance.Arrived(1, new string('a', 64), 200));
        Assert.True(flow.Find(ConsoleContext.TestId("draft")).HasAttribute("disabled"));
        Assert.Equal(["", "what", "who", "when"], flow.FindAll("[data-testid=column-text] option").Select(option => option.GetAttribute("value")));

        await flow.Find(ConsoleContext.TestId("column-text")).ChangeAsync(new ChangeEventArgs { Value = "what" });
        await flow.Find(ConsoleContext.TestId("column-expected")).ChangeAsync(new ChangeEventArgs { Value = "who" });

        Assert.False(flow.Find(ConsoleContext.TestId("draft")).HasAttribute("disabled"));
        Assert.Equal(["what", "who", "when"], flow.FindAll("[data-testid=column-text] option").Select(option => option.GetAttribute("value")));
    }
}
