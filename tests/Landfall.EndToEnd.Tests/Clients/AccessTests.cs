using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;

namespace Landfall.EndToEnd.Clients;

/// <summary>While there are no users: this machine's own callers are let in, nobody else is without a key.</summary>
[Collection(ServedHelpdeskCollection.Name)]
public sealed class AccessTests(ServedHelpdesk served)
{
    private static readonly string[] Doors =
        ["/", "/apps/helpdesk", "/api/apps", "/api/server", "/v1/models", "/_blazor/negotiate?negotiateVersion=1", "/openapi/v1.json", "/users", "/api/keys"];

    [Theory]
    [InlineData("Host", "attacker.example")]
    [InlineData("Host", "127.0.0.1.attacker.example")]
    [InlineData("Origin", "https://attacker.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    public async Task AnyDoor_WithATraceOfAStranger_IsRefused(string header, string value)
    {
        using var http = new HttpClient { BaseAddress = new Uri(served.Url) };
        foreach (var door in Doors)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, door);
            request.Headers.Remove(header);
            Assert.True(request.Headers.TryAddWithoutValidation(header, value));
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{door} with {header}: {value} answered {response.StatusCode}.");
        }
    }

    [Fact]
    public async Task CrossSiteForm_ThatABrowserSends_IsRefused()
    {
        using var http = new HttpClient { BaseAddress = new Uri(served.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{served.Model}}","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "text/plain"),
        };
        request.Headers.Add("Origin", "https://attacker.example");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task AnyDoor_OfACallerOnThisMachine_IsOpenWithAnyToken()
    {
        using var http = new HttpClient { BaseAddress = new Uri(served.Url) };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer whatever");
        foreach (var door in new[] { "/", "/api/apps", "/v1/models" })
        {
            using var response = await http.GetAsync(door, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Land_ThatServes_ListensOnLoopbackOnly() => await AssertClosedAsync(new Uri(served.Url).Port);

    [Fact]
    public async Task Serve_WithoutUrls_ListensOnLoopbackOnly()
    {
        const int port = 5117;
        Assert.SkipUnless(IsFree(port), $"Something else listens on port {port}.");
        using var folder = new TemporaryFolder();

        // What containers and launch profiles set must not open the server.
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = "http://0.0.0.0:0",
            ["DOTNET_URLS"] = "http://0.0.0.0:0",
            ["ASPNETCORE_HTTP_PORTS"] = "0",
            ["URLS"] = "http://0.0.0.0:0",
        };
        await using var process = LandfallProcess.Start(["serve", "--data", folder.PathOf("data")], environment);
        var info = await process.AnsweringAsync(folder.PathOf("data"), TestContext.Current.CancellationToken);
        Assert.Equal($"http://127.0.0.1:{port}", info.Url);
        await AssertClosedAsync(port);
    }

    [Fact]
    public async Task Serve_BoundToEveryAddress_RefusesCallersFromElsewhere()
    {
        using var folder = new TemporaryFolder();
        var outside = OutsideAddress();
        await using var process = LandfallProcess.Start(["serve", "--data", folder.PathOf("data"), "--urls", "http://0.0.0.0:0"]);
        var info = await process.AnsweringAsync(folder.PathOf("data"), TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{outside}:{new Uri(info.Url).Port}") };
        foreach (var door in Doors)
        {
            foreach (var host in new[] { null, "localhost", "127.0.0.1" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, door);
                request.Headers.Host = host;
                request.Headers.Add("Authorization", "Bearer whatever");
                using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
                Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{door} answered {response.StatusCode} to {outside}.");
            }
        }
    }

    private static async Task AssertClosedAsync(int port)
    {
        using var socket = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(OutsideAddress(), port, TestContext.Current.CancellationToken));
    }

    private static IPAddress OutsideAddress()
    {
        var outside = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(outside is null, "This machine has no address but loopback.");
        return outside;
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
