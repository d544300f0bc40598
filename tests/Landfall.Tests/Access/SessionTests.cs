using System.Net;
using Landfall.Protocol;
using Landfall.Protocol.Access;

namespace Landfall.Tests.Access;

/// <summary>Signing in, out, and what a stranger's page can do with the cookie: nothing.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task Page_WithoutASession_LeadsToSigningInAndBack()
    {
        await using var server = await AccessServer.StartAsync();
        using var http = server.Http(token: null, cookies: true);
        http.DefaultRequestHeaders.Add("Accept", "text/html");
        using var answer = await http.GetAsync("runs?x=1", TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?back=%2Fruns%3Fx%3D1"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        using var signedIn = await server.SignInAsync("OWNER");
        Assert.Contains("data-testid=\"account\"", await signedIn.GetStringAsync("runs", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://attacker.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Change_WithTheCookieFromAStrangersPage_IsRefused(string? origin)
    {
        await using var server = await AccessServer.StartAsync();
        using var http = await server.SignInAsync("owner");
        http.DefaultRequestHeaders.Remove("Origin");
        if (origin is not null)
        {
            http.DefaultRequestHeaders.Add("Origin", origin);
        }

        using var answer = await http.PostAsync("api/keys", new StringContent("""{"name":"x"}""", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(await server.Local().GetKeysAsync());
    }

    [Fact]
    public async Task Form_WithoutItsAntiforgeryToken_IsRefused()
    {
        await using var server = await AccessServer.StartAsync();
        using var http = server.Http(token: null, cookies: true);
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", "owner"), KeyValuePair.Create("password", AccessServer.Password)]);
        using var answer = await http.PostAsync("session/sign-in", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task SignOut_EndsTheSession_AndNotOnlyTheCookie()
    {
        await using var server = await AccessServer.StartAsync();
        using var http = await server.SignInAsync("owner");
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("api/session", TestContext.Current.CancellationToken)).StatusCode);
        var sessions = server.Server.Count("SELECT COUNT(*) FROM sessions");
        using var answer = await AccessServer.PostFormAsync(http, "runs", "session/sign-out");
        Assert.Equal("/sign-in", answer.Headers.Location!.OriginalString);
        Assert.Equal(sessions - 1, server.Server.Count("SELECT COUNT(*) FROM sessions"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("api/session", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task SignIn_AfterTooManyFailures_HasToWaitEvenWithTheRightPassword()
    {
        await using var server = await AccessServer.StartAsync();
        using var http = server.Http(token: null, cookies: true);
        for (var i = 0; i < 8; i++)
        {
            (await AccessServer.PostFormAsync(http, "sign-in", "session/sign-in", ("name", "owner"), ("password", "wrong and wrong"))).Dispose();
        }

        using var answer = await AccessServer.PostFormAsync(http, "sign-in", "session/sign-in", ("name", "owner"), ("password", AccessServer.Password));
        Assert.StartsWith("/sign-in?error=wait&seconds=", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Contains((await server.Local().GetAuditAsync(action: "SignIn", outcome: "refused")).Entries, e => e.Status == 429);
    }

    [Theory]
    [InlineData("//attacker.example")]
    [InlineData("/\\attacker.example")]
    [InlineData("https://attacker.example")]
    public async Task SignIn_WithAWayBackThatLeadsElsewhere_StaysHere(string back)
    {
        await using var server = await AccessServer.StartAsync();
        using var http = server.Http(token: null, cookies: true);
        using var answer = await AccessServer.PostFormAsync(http, "sign-in", "session/sign-in", ("name", "owner"), ("password", AccessServer.Password), ("back", back));
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task ChosenTeam_OfAUserInTwo_IsWhatPagesAndApiShow()
    {
        await using var server = await AccessServer.StartAsync();
        await server.Local().CreateTeamAsync("lab");
        await server.Local().AddUserAsync(new AddUserRequest { Name = "ben", Role = TeamRole.Viewer, Password = AccessServer.Password });
        await server.Local("lab").AddUserAsync(new AddUserRequest { Name = "ben", Role = TeamRole.Editor });
        using var http = await server.SignInAsync("ben");
        var client = new LandfallClient(http);
        var session = await client.GetSessionAsync();
        Assert.Equal(("default", TeamRole.Viewer), (session.Team, session.Role));
        Assert.Equal(["default", "lab"], session.Teams);
        (await AccessServer.PostFormAsync(http, "runs", "session/team", ("team", "lab"), ("back", "/runs"))).Dispose();
        session = await client.GetSessionAsync();
        Assert.Equal(("lab", TeamRole.Editor), (session.Team, session.Role));
        (await AccessServer.PostFormAsync(http, "runs", "session/team", ("team", "nowhere"), ("back", "/runs"))).Dispose();
        Assert.Equal("default", (await client.GetSessionAsync()).Team);
    }

    [Fact]
    public async Task SetPassword_OfAUser_EndsTheirSessions()
    {
        await using var server = await AccessServer.StartAsync();
        await server.Local().AddUserAsync(new AddUserRequest { Name = "ben", Role = TeamRole.Viewer, Password = AccessServer.Password });
        using var http = await server.SignInAsync("ben");
        await server.Local().SetPasswordAsync("ben", "a quite different one");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("api/session", TestContext.Current.CancellationToken)).StatusCode);
        using var again = await server.SignInAsync("ben", "a quite different one");
        await new LandfallClient(again).ChangePasswordAsync(new ChangePasswordRequest { Current = "a quite different one", Password = "one more different one" });
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("api/session", TestContext.Current.CancellationToken)).StatusCode);
    }
}
