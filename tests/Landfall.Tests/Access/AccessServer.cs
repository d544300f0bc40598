using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Landfall.Platform.Access;
using Landfall.Protocol;
using Landfall.Protocol.Access;
using Landfall.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Tests.Access;

/// <summary>A server with users, whose callers each have their own client.</summary>
internal sealed partial class AccessServer : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly List<HttpClient> _clients = [];

    private AccessServer(RunningServer server) => Server = server;

    public RunningServer Server { get; }

    /// <summary>The owner of the data folder.</summary>
    public LandfallClient Local(string team = "default") => new(Http(Server.Services.GetRequiredService<ServerSecrets>().Local, team));

    public static async Task<AccessServer> StartAsync()
    {
        var server = new AccessServer(await RunningServer.StartAsync());
        await server.Local().AddUserAsync(new AddUserRequest { Name = "owner", Role = TeamRole.Admin, Password = Password });
        return server;
    }

    /// <summary>A client that sends a bearer token, and asks for a team.</summary>
    public HttpClient Http(string? token, string? team = null, bool cookies = false)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = cookies }) { BaseAddress = Server.Http.BaseAddress, Timeout = TimeSpan.FromMinutes(2) };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (team is not null)
        {
            http.DefaultRequestHeaders.Add(Authenticator.TeamHeader, team);
        }

        _clients.Add(http);
        return http;
    }

    public async Task<string> KeyAsync(TeamRole role, string team = "default", bool gatewayOnly = false, string? name = null) =>
        (await Local(team).CreateKeyAsync(new CreateKeyRequest { Name = name ?? $"{role}", Role = role, GatewayOnly = gatewayOnly })).Secret;

    /// <summary>Signs in as a browser does, and returns the client with its cookies.</summary>
    public async Task<HttpClient> SignInAsync(string name, string password = Password)
    {
        var http = Http(token: null, cookies: true);
        using var answer = await PostFormAsync(http, "sign-in", "session/sign-in", ("name", name), ("password", password), ("back", "/runs"));
        Assert.Equal("/runs", answer.Headers.Location?.OriginalString);
        http.DefaultRequestHeaders.Add("Origin", Server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return http;
    }

    /// <summary>Fetches a page and sends a form of its with the page's antiforgery token.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(HttpClient http, string page, string action, params IEnumerable<(string Name, string Value)> fields)
    {
        var token = Token().Match(await http.GetStringAsync(page)).Groups["token"].Value;
        return await http.PostAsync(action, new FormUrlEncodedContent(fields.Append(("__RequestVerificationToken", token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await Server.DisposeAsync();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
