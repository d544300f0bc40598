using System.Text;
using Landfall.Platform.Access;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.Platform.Storage;
using Landfall.StubEndpoint;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Tests.Endpoints;

/// <summary>A call is paid for once, can be opened, and counts against what may be spent.</summary>
public sealed class LedgerTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ask_TheSameAgain_IsNotPaidForAgain()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { HonoursIdempotency = false });
        await using var host = await EndpointsHost.StartAsync(stub);

        var first = await host.AskAsync("my router is red", cancellation: Ending);
        var second = await host.AskAsync("my router is red", cancellation: Ending);

        Assert.Equal(first.Text, second.Text);
        Assert.Single(stub.Billing.Billed);
        Assert.True(second.Receipt()!.IsStored);
        Assert.Equal(first.Receipt()! with { IsStored = true }, second.Receipt());
    }

    [Fact]
    public async Task Ask_TheSameAtTheSameTime_IsOneCall()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { HonoursIdempotency = false, Latency = TimeSpan.FromMilliseconds(200) });
        await using var host = await EndpointsHost.StartAsync(stub);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => host.AskAsync("my router is red", cancellation: Ending)));

        Assert.Single(stub.Billing.Billed);
    }

    [Fact]
    public async Task Ask_ARepeat_IsACallOfItsOwn()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);

        for (var repeat = 0; repeat < 3; repeat++)
        {
            await host.AskAsync("my router is red", new ChatOptions().WithRepeat(repeat), Ending);
        }

        await host.AskAsync("my router is red", new ChatOptions().WithRepeat(2), Ending);
        await host.AskAsync("my router is red", new ChatOptions().AsFresh(), Ending);
        await host.AskAsync("my router is red", new ChatOptions().AsFresh(), Ending);

        Assert.Equal(5, stub.Billing.Billed.Count);
        Assert.Equal(0, stub.Billing.BilledTwice);
    }

    [Fact]
    public async Task Ask_ACallOfUnknownFate_IsMadeAgainUnderTheSameKey()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var paid = await host.AskAsync("my router is red", cancellation: Ending);

        // As if the process had ended before the answer was written down.
        await host.Calls.EndAsync(paid.Receipt()!.Call, call => (call.State, call.Response) = (PaidCallStore.Asked, null));
        var again = await host.AskAsync("my router is red", cancellation: Ending);

        Assert.Equal(2, stub.Billing.Requests);
        Assert.Single(stub.Billing.Billed);
        Assert.Equal(paid.Text, again.Text);
    }

    [Fact]
    public async Task Call_Opened_HasTheExactBytes()
    {
        StubRequest? seen = null;
        await using var stub = await StubServer.StartAsync(new StubOptions
        {
            Skill = request =>
            {
                seen = request;
                return new StubAnswer("a red \u706f");
            },
        });
        await using var host = await EndpointsHost.StartAsync(stub);

        var answer = await host.AskAsync("my router has a red light: \u706f", cancellation: Ending);

        var kept = await host.Calls.FindAsync(answer.Receipt()!.Call, Ending);
        Assert.Equal(seen!.Body, Encoding.UTF8.GetString(PackedText.Unpack(kept!.Request)));
        Assert.Contains("\"usage\"", Encoding.UTF8.GetString(PackedText.Unpack(kept.Response!)), StringComparison.Ordinal);
        Assert.Equal(kept.Identity, seen.IdempotencyKey);
    }

    [Fact]
    public async Task Ask_BeyondTheMoney_StopsAndSaysSo()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var spending = new Spending(limitUsd: 0.0025m);
        using var scope = CallScope.Enter(new CallScope("landing", "run-1", spending));

        var asked = 0;
        var error = await Assert.ThrowsAsync<EndpointException>(async () =>
        {
            for (; asked < 1000; asked++)
            {
                await host.AskAsync($"my router number {asked} is red", cancellation: Ending);
            }
        });

        Assert.Equal(EndpointFailure.BudgetSpent, error.Failure);
        Assert.Contains("budget.money", error.Message, StringComparison.Ordinal);
        Assert.Equal(asked, stub.Billing.Billed.Count);
        Assert.InRange(spending.SpentUsd, 0.0001m, 0.0025m);
    }

    [Fact]
    public async Task Spending_OfAResumedRun_CountsWhatTheRunHadPaid()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);

        var first = await SpendAsync("run-1");
        var resumed = await SpendAsync("run-1");
        var other = await SpendAsync("run-2");

        Assert.True(first > 0);
        Assert.Equal(first, resumed);
        Assert.Equal(0, other);

        async Task<decimal> SpendAsync(string run)
        {
            var spending = new Spending(limitUsd: 1);
            using var scope = CallScope.Enter(new CallScope("landing", run, spending));
            await host.AskAsync("my router is red", cancellation: Ending);
            return spending.SpentUsd;
        }
    }

    [Fact]
    public async Task Ask_AfterAnotherServerTookOver_AsksNothing()
    {
        await using var stub = await StubServer.StartAsync();
        await using var old = await EndpointsHost.StartAsync(stub);
        await using var successor = await EndpointsHost.StartAsync(stub, old.Folder);

        await Assert.ThrowsAsync<FencedException>(() => old.AskAsync("my router is red", cancellation: Ending));

        Assert.Equal(0, stub.Billing.Requests);
        Assert.NotEmpty((await successor.AskAsync("my router is red", cancellation: Ending)).Text);
    }

    [Fact]
    public async Task Ask_TwoTeams_PayForThemselvesAndSeeNothingOfEachOther()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);

        var mine = await host.AskAsync("my router is red", cancellation: Ending);
        using (Caller.Act(new Caller("others", "someone", Role.Editor)))
        {
            Assert.Empty(await host.Calls.ListAsync(run: null, 0, 10, Ending));
            Assert.Null(await host.Calls.FindAsync(mine.Receipt()!.Call, Ending));
            await host.AskAsync("my router is red", cancellation: Ending);
        }

        Assert.Equal(2, stub.Billing.Billed.Count);
    }
}
