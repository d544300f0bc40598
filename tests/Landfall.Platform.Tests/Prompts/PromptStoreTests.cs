using Landfall.Platform.Access;
using Landfall.Platform.Prompts;
using Landfall.Platform.Storage;
using Landfall.Platform.Tests.Endpoints;
using Landfall.Protocol.Prompts;
using Landfall.StubEndpoint;
using Microsoft.EntityFrameworkCore;

namespace Landfall.Platform.Tests.Prompts;

public sealed class PromptStoreTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_TheSameTextAgain_IsTheSameVersion()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var store = StoreOf(host);

        var first = await store.AddAsync("helpdesk", "Answer {{topic}}.", "first", Ending);
        var second = await store.AddAsync("helpdesk", "Answer {{topic}} well.", "", Ending);
        var again = await store.AddAsync("helpdesk", "Answer {{topic}}.", "again", Ending);

        Assert.Equal((1, 2), (first.Number, second.Number));
        Assert.Equal((first.Hash, 1, "first"), (again.Hash, again.Number, again.Note));
        Assert.Equal(2, (await store.VersionsAsync("helpdesk", Ending)).Count);
        Assert.Equal(second.Hash, (await store.FindAsync("helpdesk", Ending))!.Hash);
        Assert.Equal(first.Hash, (await store.FindAsync("helpdesk@1", Ending))!.Hash);
        Assert.Equal(first.Hash, (await store.FindAsync($"helpdesk@{first.Hash}", Ending))!.Hash);
        Assert.Null(await store.FindAsync("helpdesk@9", Ending));
        Assert.Null(await store.FindAsync("other", Ending));
    }

    [Fact]
    public async Task Label_Moved_IsInTheHistoryWithWhoDidIt()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var store = StoreOf(host);
        var first = await store.AddAsync("helpdesk", "one", "", Ending);
        PromptVersionEntity second;
        using (Caller.Act(Caller.Local with { Name = "mai" }))
        {
            second = await store.AddAsync("helpdesk", "two", "", Ending);
            await store.LabelAsync(first, "production", Ending);
            await store.LabelAsync(second, "production", Ending);
            await store.LabelAsync(second, "production", Ending);
        }

        Assert.Equal(second.Hash, (await store.FindAsync("helpdesk@production", Ending))!.Hash);
        var history = await store.HistoryAsync("helpdesk", Ending);
        Assert.Equal(
            [(PromptStore.Labelled, "mai", first.Hash), (PromptStore.Labelled, "mai", null), (PromptStore.Added, "mai", null), (PromptStore.Added, "local", null)],
            history.Select(e => (e.What, e.By, e.Before)));
        Assert.Single(await store.ListAsync(Ending));
    }

    [Fact]
    public async Task Prompts_OfAnotherTeam_AreNotThere()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var store = StoreOf(host);
        await store.AddAsync("helpdesk", "one", "", Ending);

        using var other = Caller.Act(new Caller("others", "someone", Role.Editor));
        Assert.Empty(await store.ListAsync(Ending));
        Assert.Equal(1, (await store.AddAsync("helpdesk", "theirs", "", Ending)).Number);
    }

    [Fact]
    public async Task Play_AnswerThatBreaksOff_BeginsAnewAndIsPaidForOnce()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = StubOptions.InTurn(StubFault.HalfStream) });
        await using var host = await EndpointsHost.StartAsync(stub);
        var store = StoreOf(host);
        await store.AddAsync("greeting", "You speak of {{topic}}.", "", Ending);
        var playground = new Playground(host.Endpoints, store, TimeProvider.System);

        var (question, why) = await playground.PrepareAsync(
            new PlaygroundRequest { Prompt = "greeting", Text = "a red router", Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["topic"] = "routers" } }, Ending);
        Assert.Null(why);
        var events = new List<PlaygroundEvent>();
        await foreach (var next in playground.AskAsync(question!, Ending))
        {
            events.Add(next);
        }

        Assert.Single(events, e => e.Type == "restart");
        Assert.Equal("You wrote about red, router.", string.Concat(events.SkipWhile(e => e.Type != "restart").Where(e => e.Type == "text").Select(e => e.Text)));
        Assert.Single(stub.Billing.Billed);
        Assert.Contains("You speak of routers.", (await OpenAsync(host, events[^1].Call!)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Play_VariableWithoutValue_IsRefusedBeforeAnythingIsAsked()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var playground = new Playground(host.Endpoints, StoreOf(host), TimeProvider.System);

        var (question, why) = await playground.PrepareAsync(new PlaygroundRequest { System = "{{topic}}", Text = "x" }, Ending);

        Assert.Null(question);
        Assert.Contains("{{topic}}", why, StringComparison.Ordinal);
        Assert.Equal(0, stub.Billing.Requests);
    }

    private static PromptStore StoreOf(EndpointsHost host) => new(host.Get<IDbContextFactory<LandfallDatabase>>(), TimeProvider.System);

    private static async Task<string> OpenAsync(EndpointsHost host, string call) =>
        System.Text.Encoding.UTF8.GetString(Landfall.Platform.Endpoints.Calls.PackedText.Unpack((await host.Calls.FindAsync(call, Ending))!.Request));
}
