using Landfall.Platform.Endpoints;
using Landfall.Protocol.Endpoints;
using Landfall.StubEndpoint;

namespace Landfall.Platform.Tests.Endpoints;

/// <summary>Which endpoints there are, and what is said of settings that are wrong.</summary>
public sealed class ChatEndpointsTests
{
    [Fact]
    public async Task List_OpenAiKeyInTheEnvironment_IsFound()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(
            stub, settings: [("OPENAI_API_KEY", "sk-secret"), ("OPENAI_BASE_URL", "https://models.example/v1"), ("OPENAI_MODEL", "m-1"), ("LANDFALL_ENDPOINT", "openai")]);

        var found = host.Endpoints.Find(null)!;

        Assert.Equal(("openai", "https://models.example/v1", "m-1"), (found.Name, found.Address.ToString(), found.Model));
        Assert.Equal("openai", host.Endpoints.List()[0].Name);
        Assert.False(found.HasPrices);
        Assert.DoesNotContain("sk-secret", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_AnOllamaRuns_IsFoundWithItsFirstModel()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Model = "qwen3:4b" });
        await using var host = await EndpointsHost.StartAsync(stub, settings: [("LANDFALL_ENDPOINT_STUB_ADDRESS", null), ("OLLAMA_HOST", stub.Address.Authority)]);

        var found = Assert.Single(host.Endpoints.List());

        Assert.Equal(("ollama", "qwen3:4b", "ollama"), (found.Name, found.Model, found.Source));
        Assert.Equal(stub.Address, found.Address);
        Assert.Equal(found.Name, host.Endpoints.Find(null)!.Name);
    }

    [Fact]
    public async Task Find_ToldToLookForNothing_FindsNothing()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(
            stub, settings: [("LANDFALL_ENDPOINT_STUB_ADDRESS", null), ("OLLAMA_HOST", stub.Address.Authority), ("LANDFALL_ENDPOINT", "none")]);

        Assert.Null(host.Endpoints.Find(null));
        Assert.Equal(0, stub.Billing.Requests);
    }

    [Theory]
    [InlineData("_ADDRESS", "file:///etc/passwd", "'file:///etc/passwd' is no address of an API")]
    [InlineData("_ADDRESS", "http://user:word@host/v1", "has a user")]
    [InlineData("_MODEL", "", "LANDFALL_ENDPOINT_STUB_MODEL is not set")]
    [InlineData("_INPUT_PRICE", "cheap", "LANDFALL_ENDPOINT_STUB_INPUT_PRICE is 'cheap', which is no number")]
    [InlineData("_OUTPUT_PRICE", "-1", "The price is -1")]
    [InlineData("_TIMEOUT", "0", "The timeout is 0")]
    [InlineData("_PARALLEL", "0", "The calls at a time are 0")]
    public async Task Problems_OfABadSetting_AreSaidAndTheEndpointIsLeftOut(string setting, string value, string said)
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub, settings: [($"LANDFALL_ENDPOINT_STUB{setting}", value), ("LANDFALL_ENDPOINT", "none")]);

        Assert.Contains(said, Assert.Single(host.Endpoints.Problems), StringComparison.Ordinal);
        Assert.Null(host.Endpoints.Find("stub"));
    }

    [Fact]
    public async Task Settings_WithAKey_KeepItEncrypted()
    {
        await using var stub = await StubServer.StartAsync(new StubOptions { Key = "sk-secret" });
        await using var host = await EndpointsHost.StartAsync(stub, settings: ("LANDFALL_ENDPOINT_STUB_ADDRESS", null));
        var service = host.Get<EndpointSettingsService>();
        var settings = new EndpointSettings { Address = stub.Address.ToString(), Model = "stub-1", Key = "sk-secret", InputPrice = 1 };

        Assert.Null(service.WhyRefused("stub", settings));
        service.Put("stub", settings);

        Assert.NotEmpty((await host.AskAsync("hello router")).Text);
        var file = await File.ReadAllTextAsync(Path.Combine(host.Folder, "endpoints.json"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("sk-secret", file, StringComparison.Ordinal);

        // Another setting changed without the key keeps it; another address does not get it.
        service.Put("stub", settings with { Key = null, Model = "stub-2" });
        Assert.Equal("sk-secret", host.Endpoint.Key.Reveal());
        service.Put("stub", settings with { Key = null, Address = "http://127.0.0.1:9/v1" });
        Assert.False(host.Endpoint.Key.IsSet);
        Assert.True(service.Remove("stub"));
        Assert.Null(host.Endpoints.Find("stub"));
    }

    [Fact]
    public async Task Settings_FileThatIsNoJson_IsNamedWithItsLine()
    {
        await using var stub = await StubServer.StartAsync();
        await using var host = await EndpointsHost.StartAsync(stub);
        await File.WriteAllTextAsync(Path.Combine(host.Folder, "endpoints.json"), "[\n{ oops }\n]", TestContext.Current.CancellationToken);

        Assert.Contains("endpoints.json, line 2", Assert.Single(host.Endpoints.Problems), StringComparison.Ordinal);
        Assert.NotNull(host.Endpoints.Find("stub"));
    }
}
