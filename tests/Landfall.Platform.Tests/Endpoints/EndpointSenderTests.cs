using System.Diagnostics;
using Landfall.Platform.Endpoints;
using Landfall.Platform.Endpoints.Calls;
using Landfall.StubEndpoint;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Tests.Endpoints;

/// <summary>What real endpoints do wrong: passed over where it can pass, and put into one clear message where it cannot.</summary>
public sealed class EndpointSenderTests
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ask_RateLimited_WaitsAsLongAsItIsTold()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = StubOptions.InTurn(StubFault.RateLimit), RetryAfterSeconds = 2 });
        await using var host = await EndpointsHost.StartAsync(stub);

        var started = Stopwatch.GetTimestamp();
        var answer = await host.AskAsync("hello router", cancellation: Ending);

        Assert.NotEmpty(answer.Text);
        Assert.True(Stopwatch.GetElapsedTime(started) >= TimeSpan.FromSeconds(2), "It did not wait.");
        Assert.Equal(2, stub.Billing.Requests);
        Assert.Single(stub.Billing.Billed);
    }

    [Fact]
    public async Task Ask_RateLimitedForLongerThanACallMayTake_SaysSoAtOnce()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = _ => StubFault.RateLimit, RetryAfterSeconds = 3600 });
        await using var host = await EndpointsHost.StartAsync(stub);

        var error = await Assert.ThrowsAsync<EndpointException>(() => host.AskAsync("hello", cancellation: Ending));

        Assert.Equal(EndpointFailure.RateLimited, error.Failure);
        Assert.Equal(1, stub.Billing.Requests);
        Assert.Matches(@"^The endpoint 'stub' \(stub-1\) answered 429: Rate limit reached\. It asks to wait 36\d\d s", error.Message);
    }

    [Theory]
    [InlineData(StubFault.ServerError)]
    [InlineData(StubFault.HalfAnswer)]
    [InlineData(StubFault.WrongJson)]
    public async Task Ask_OneFailureThatPasses_IsAnsweredAndPaidForOnce(StubFault fault)
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = StubOptions.InTurn(fault) });
        await using var host = await EndpointsHost.StartAsync(stub);

        var answer = await host.AskAsync("my router is red", cancellation: Ending);

        Assert.NotEmpty(answer.Text);
        Assert.Equal(2, stub.Billing.Requests);
        Assert.Single(stub.Billing.Billed);
        var kept = await host.Calls.FindAsync(answer.Receipt()!.Call, Ending);
        Assert.Equal(2, kept!.Attempts);
    }

    [Theory]
    [InlineData(StubFault.HalfAnswer)]
    [InlineData(StubFault.HalfStream)]
    public async Task Stream_BreaksOffOnce_IsAskedAgainBeforeAnythingIsShown(StubFault fault)
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = StubOptions.InTurn(fault) });
        await using var host = await EndpointsHost.StartAsync(stub);

        var updates = await StreamAsync(host, new ChatOptions());

        Assert.Equal("You wrote about router, red, blink.", string.Concat(updates.Select(u => u.Text)));
        Assert.Equal(2, stub.Billing.Requests);
        Assert.Single(stub.Billing.Billed);
        Assert.NotNull(updates[^1].Receipt());
    }

    [Theory]
    [InlineData(StubFault.HalfAnswer)]
    [InlineData(StubFault.HalfStream)]
    public async Task Stream_LiveAndBreaksOff_EndsWithAClearError(StubFault fault)
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = StubOptions.InTurn(fault) });
        await using var host = await EndpointsHost.StartAsync(stub);

        var error = await Assert.ThrowsAsync<EndpointException>(() => StreamAsync(host, new ChatOptions().AsLive()));

        Assert.Equal(EndpointFailure.HalfAnswer, error.Failure);
        Assert.Contains("broke off its answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(PaidCallStore.Failed, Assert.Single(await host.Calls.ListAsync(run: null, 0, 10, Ending)).State);

        // Asked again it is the same call, which the endpoint has worked out already.
        var updates = await StreamAsync(host, new ChatOptions().AsLive());
        Assert.Equal("You wrote about router, red, blink.", string.Concat(updates.Select(u => u.Text)));
        Assert.Single(stub.Billing.Billed);
        Assert.Equal(PaidCallStore.Answered, Assert.Single(await host.Calls.ListAsync(run: null, 0, 10, Ending)).State);
    }

    [Fact]
    public async Task Ask_NoAnswerInTime_GivesUpInBoundedTime()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = _ => StubFault.Hang });
        await using var host = await EndpointsHost.StartAsync(stub, settings: ("LANDFALL_ENDPOINT_STUB_TIMEOUT", "2"));

        var error = await Assert.ThrowsAsync<EndpointException>(() => host.AskAsync("hello", cancellation: Ending));

        Assert.Equal(EndpointFailure.Timeout, error.Failure);
        Assert.Contains("gave no answer within 2 s", error.Message, StringComparison.Ordinal);
        // More than one try, and an end to them: how many of them a busy machine gets on the wire in their time is its own affair.
        Assert.InRange(stub.Billing.Requests, 1, 5);
    }

    [Theory]
    [InlineData(StubFault.WrongJson, EndpointFailure.NotACompletion, "it is not valid JSON: it begins '<html><body>502 Bad Gateway</body></html>'")]
    [InlineData(StubFault.WrongShape, EndpointFailure.NotACompletion, "it has no choices")]
    [InlineData(StubFault.WrongKey, EndpointFailure.Refused, "answered 401: Incorrect API key provided. Check its key, its model and its address in the settings.")]
    [InlineData(StubFault.Redirect, EndpointFailure.Refused, "answered 302")]
    public async Task Ask_FailureThatDoesNotPass_IsOneClearMessage(StubFault fault, EndpointFailure failure, string said)
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = _ => fault });
        await using var host = await EndpointsHost.StartAsync(stub);

        var error = await Assert.ThrowsAsync<EndpointException>(() => host.AskAsync("hello", cancellation: Ending));

        Assert.Equal(failure, error.Failure);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.InRange(stub.Billing.Requests, 1, 2);
    }

    [Fact]
    public async Task Ask_NobodyThere_NamesTheAddress()
    {
        var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub, settings: ("LANDFALL_ENDPOINT_STUB_TIMEOUT", "0.2"));
        await stub.DisposeAsync();

        var error = await Assert.ThrowsAsync<EndpointException>(() => host.AskAsync("hello", cancellation: Ending));

        Assert.Equal(EndpointFailure.Unreachable, error.Failure);
        Assert.Contains(stub.Address.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StubFault.HugeUsage)]
    [InlineData(StubFault.NegativeUsage)]
    [InlineData(StubFault.NoUsage)]
    public async Task Ask_UsageThatCannotBeTrue_IsEstimatedAndNoted(StubFault fault)
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = _ => fault });
        await using var host = await EndpointsHost.StartAsync(stub);

        var receipt = (await host.AskAsync("my router has a red light, what does it mean?", cancellation: Ending)).Receipt()!;

        Assert.NotNull(receipt.UsageNote);
        Assert.InRange(receipt.PromptTokens, 5, 50);
        Assert.InRange(receipt.CompletionTokens, 1, 50);
        Assert.InRange(receipt.CostUsd, 0.000001m, 0.001m);
    }

    [Fact]
    public async Task Ask_HonestUsage_IsBelieved()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);

        var receipt = (await host.AskAsync("my router has a red light, what does it mean?", cancellation: Ending)).Receipt()!;

        Assert.Null(receipt.UsageNote);
        Assert.Equal(stub.Billing.Billed[0].PromptTokens, receipt.PromptTokens);
        Assert.Equal((receipt.PromptTokens * 1 + receipt.CompletionTokens * 4) / 1_000_000m, receipt.CostUsd);
    }

    [Fact]
    public async Task Ask_ToolCall_ComesThrough()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create((string city) => city, "weather", "the weather in a city")] };

        var answer = await host.AskAsync("How is the weather in the city of Tallinn?", options, Ending);

        var call = Assert.Single(answer.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>());
        Assert.Equal("weather", call.Name);
    }

    [Fact]
    public async Task Ask_Cancelled_EndsAtOnce()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Faults = _ => StubFault.Hang });
        await using var host = await EndpointsHost.StartAsync(stub);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.AskAsync("hello", cancellation: stop.Token));
    }

    private static async Task<List<ChatResponseUpdate>> StreamAsync(EndpointsHost host, ChatOptions options)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in host.Endpoints.Open(host.Endpoint).GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "the router is red and blinks, why?")], options, Ending))
        {
            updates.Add(update);
        }

        return updates;
    }
}
