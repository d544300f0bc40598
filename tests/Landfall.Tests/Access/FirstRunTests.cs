using System.Net;
using Landfall.Commands;
using Landfall.Hosting;
using Landfall.Platform.Access;
using Landfall.Protocol;
using Landfall.Protocol.Access;
using Landfall.Protocol.Errors;
using Landfall.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Tests.Access;

/// <summary>From a machine of one's own to a server with users.</summary>
public sealed class FirstRunTests
{
    [Fact]
    public async Task WithoutUsers_ACallerOnThisMachine_IsTheLocalAdmin()
    {
        await using var server = await RunningServer.StartAsync();
        var session = await server.Client.GetSessionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("local", "default", TeamRole.Admin, true, true), (session.Name, session.Team, session.Role, session.IsOwner, session.IsOpen));
    }

    [Fact]
    public async Task FirstUser_OnceMade_ClosesTheServerToWhoSaysNothing()
    {
        await using var server = await RunningServer.StartAsync();
        var first = await server.Client.AddUserAsync(new AddUserRequest { Name = "anna", Role = TeamRole.Viewer, Password = AccessServer.Password });
        Assert.Equal((TeamRole.Admin, true), (first.Role, first.IsOwner));
        var refused = await Assert.ThrowsAsync<LandfallApiException>(() => server.Client.GetAppsAsync());
        Assert.Equal(ErrorCodes.Unauthorized, refused.Code);
    }

    [Fact]
    public async Task Command_OfTheDataFoldersOwner_IsAdminOfEveryTeam()
    {
        var folder = Directory.CreateTempSubdirectory("landfall-owner-").FullName;
        await using (var server = await LandfallServer.StartAsync(new LandfallServerOptions(folder, "http://127.0.0.1:0", TakeOver: false, IsService: true), CancellationToken.None))
        {
            var host = new CommandHost();
            await using var session = await host.ConnectAsync(new ConnectOptions(folder), CancellationToken.None);
            Assert.False(session.IsInProcess);
            await session.Client.AddUserAsync(new AddUserRequest { Name = "anna", Password = AccessServer.Password });
            await session.Client.CreateTeamAsync("lab");
            await using var again = await host.ConnectAsync(new ConnectOptions(folder, Team: "lab"), CancellationToken.None);
            Assert.Equal(("lab", true), ((await again.Client.GetSessionAsync()).Team, (await again.Client.GetSessionAsync()).IsOwner));
            await using var nowhere = await host.ConnectAsync(new ConnectOptions(folder, Team: "nowhere"), CancellationToken.None);
            Assert.Equal(ErrorCodes.Forbidden, (await Assert.ThrowsAsync<LandfallApiException>(() => nowhere.Client.GetAppsAsync())).Code);
            var key = await session.Client.CreateKeyAsync(new CreateKeyRequest { Name = "reader" });
            await using var reader = await host.ConnectAsync(new ConnectOptions(folder, key.Secret), CancellationToken.None);
            Assert.Equal(("key:reader", TeamRole.Viewer), ((await reader.Client.GetSessionAsync()).Name, (await reader.Client.GetSessionAsync()).Role));
        }

        // And with a server of the command's own.
        await using (var session = await new CommandHost().ConnectAsync(new ConnectOptions(folder), CancellationToken.None))
        {
            Assert.True(session.IsInProcess);
            Assert.Equal(["anna"], (await session.Client.GetUsersAsync()).Select(u => u.Name));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task OneTimeLink_Followed_MakesTheFirstAdminOnce()
    {
        await using var server = await RunningServer.StartAsync();
        var signIn = server.Services.GetRequiredService<SignIn>();
        var stale = await signIn.OfferFirstAdminAsync(CancellationToken.None);
        var code = (await signIn.OfferFirstAdminAsync(CancellationToken.None))!;
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        Assert.Equal("link", await ErrorAsync(http, stale!, "anna", AccessServer.Password));
        Assert.Equal("password", await ErrorAsync(http, code, "anna", "short"));
        Assert.Equal("name", await ErrorAsync(http, code, "an na", AccessServer.Password));
        using var done = await AccessServer.PostFormAsync(http, $"welcome?code={code}", "session/first-admin", ("code", code), ("name", "anna"), ("password", AccessServer.Password));
        Assert.Equal("/", done.Headers.Location!.OriginalString);
        var cookie = Assert.Single(done.Headers.GetValues("Set-Cookie"), c => c.StartsWith(Authenticator.SessionCookie, StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        var session = await new LandfallClient(http).GetSessionAsync();
        Assert.Equal(("anna", true, false), (session.Name, session.IsOwner, session.IsOpen));
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Http.BaseAddress };
        Assert.Equal("link", await ErrorAsync(stranger, code, "eve", AccessServer.Password));
        Assert.Null(await signIn.OfferFirstAdminAsync(CancellationToken.None));
    }

    [Fact]
    public async Task LocalSecret_SentThroughAProxy_IsNotBelieved()
    {
        await using var server = await AccessServer.StartAsync();
        using var http = server.Http(server.Server.Services.GetRequiredService<ServerSecrets>().Local);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("api/apps", TestContext.Current.CancellationToken)).StatusCode);
    }

    private static async Task<string> ErrorAsync(HttpClient http, string code, string name, string password)
    {
        using var answer = await AccessServer.PostFormAsync(http, $"welcome?code={code}", "session/first-admin", ("code", code), ("name", name), ("password", password));
        return answer.Headers.Location!.OriginalString.Split("error=")[1].Split('&')[0];
    }
}
