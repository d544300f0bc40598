using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Landfall.Platform.Access;
using Landfall.Platform.Storage;
using Landfall.Protocol.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Tests.Access;

/// <summary>Every endpoint, asked by every kind of caller.</summary>
public sealed partial class AuthorizationMatrixTests
{
    [Fact]
    public async Task Endpoints_OfTheServer_AnswerWhoTheirRuleLetsIn()
    {
        await using var server = await AccessServer.StartAsync();
        var endpoints = server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .SelectMany(e => (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => new Case(
                method, "/" + e.RoutePattern.RawText!.TrimStart('/'), e.Metadata.GetMetadata<RequiredRole>()?.Role, e.Metadata.GetMetadata<GatewayKeysAllowed>() is not null,
                e.Metadata.GetMetadata<OwnerRequired>() is not null)))
            .DistinctBy(c => (c.Method, c.Path)).ToList();
        Assert.True(endpoints.Count > 40, $"Only {endpoints.Count} endpoints were found.");
        Assert.Empty(await MismatchesAsync(server, endpoints));
    }

    [Fact]
    public async Task Operations_OfTheOpenApiDocument_AnswerWhoTheirRuleLetsIn()
    {
        await using var server = await AccessServer.StartAsync();
        var operations = Operations().ToList();
        Assert.True(operations.Count > 30, $"Only {operations.Count} operations were found.");
        Assert.Empty(operations.Where(o => o.Role is null).Select(o => $"{o.Method} {o.Path} has no {AccessDocument.RoleMember}."));
        Assert.Empty(await MismatchesAsync(server, operations));
    }

    [Fact]
    public async Task Changes_ByWhomever_AreAllAudited()
    {
        await using var server = await AccessServer.StartAsync();
        var changes = server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetMetadata<NothingChanged>() is null
                && (e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) || e.RoutePattern.RawText.TrimStart('/').StartsWith("v1/", StringComparison.Ordinal)))
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Any(m => m is not ("GET" or "HEAD"))).ToList();
        using var viewer = server.Http(await server.KeyAsync(TeamRole.Viewer));
        using var admin = server.Http(await server.KeyAsync(TeamRole.Admin));
        foreach (var endpoint in changes)
        {
            var change = new Case(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0], "/" + endpoint.RoutePattern.RawText!.TrimStart('/'), null, IsGateway: false, IsForOwners: false);
            await AskAsync(viewer, change);
            await AskAsync(admin, change);
        }

        var entries = (await server.Local().GetAuditAsync(limit: 500)).Entries;
        foreach (var endpoint in changes)
        {
            var action = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;
            Assert.Contains(entries, e => e.Action == action && e.Actor == "key:Admin");
            Assert.Contains(entries, e => e.Action == action && e.Actor == "key:Viewer" && (e.Outcome == "refused" || endpoint.Metadata.GetMetadata<RequiredRole>()!.Role == Role.Viewer));
        }
    }

    private static async Task<List<string>> MismatchesAsync(AccessServer server, List<Case> cases)
    {
        await server.Local().CreateTeamAsync("other");
        var callers = new List<(string Name, HttpClient Http, Func<Case, string> Expected)>
        {
            ("nobody", server.Http(token: null), _ => "unknown"),
            ("a made-up key", server.Http(AccessTokens.Create(AccessTokens.Key)), _ => "unknown"),
            ("a token of another kind", server.Http("whatever"), _ => "unknown"),
            ("a made-up session", server.Http(AccessTokens.Create(AccessTokens.Session)), _ => "unknown"),
            ("a made-up local secret", server.Http(AccessTokens.Create(AccessTokens.Local)), _ => "unknown"),
            ("an expired key", server.Http(await ExpiredAsync(server)), _ => "unknown"),
            ("a revoked key", server.Http(await RevokedAsync(server)), _ => "unknown"),
            ("a key for the gateway", server.Http(await server.KeyAsync(TeamRole.Admin, gatewayOnly: true)), c => c.IsGateway ? "allowed" : "forbidden"),
            ("the other team's admin in this team", server.Http(await server.KeyAsync(TeamRole.Admin, "other"), "default"), _ => "forbidden"),
            ("the admin in a team that is not there", server.Http(await server.KeyAsync(TeamRole.Admin), "nowhere"), _ => "forbidden"),
            ("the local owner", server.Http(server.Server.Services.GetRequiredService<ServerSecrets>().Local), _ => "allowed"),
        };
        foreach (var role in Enum.GetValues<TeamRole>())
        {
            callers.Add(($"a key as {role}", server.Http(await server.KeyAsync(role)), c => Expected(c, role)));
            await server.Local().AddUserAsync(new AddUserRequest { Name = $"{role}", Role = role, Password = AccessServer.Password });
            callers.Add(($"a session as {role}", await server.SignInAsync($"{role}"), c => Expected(c, role)));
        }

        var mismatches = new List<string>();
        foreach (var asked in cases)
        {
            foreach (var (name, http, expected) in callers)
            {
                var (status, outcome) = await AskAsync(http, asked);
                if (outcome != expected(asked))
                {
                    mismatches.Add($"{asked.Method} {asked.Path} by {name}: {status}, expected {expected(asked)} (rule: {asked.Role}).");
                }
            }
        }

        return mismatches;
    }

    private static string Expected(Case asked, TeamRole role) =>
        asked.Role is null || (int)role < (int)asked.Role || asked.IsForOwners ? "forbidden" : "allowed";

    private static async Task<(HttpStatusCode Status, string Outcome)> AskAsync(HttpClient http, Case asked)
    {
        // Routing refuses another content type before any endpoint is chosen.
        var first = await AskAsync(http, asked, "application/json");
        return first.Status == HttpStatusCode.UnsupportedMediaType ? await AskAsync(http, asked, "application/octet-stream") : first;
    }

    private static async Task<(HttpStatusCode Status, string Outcome)> AskAsync(HttpClient http, Case asked, string contentType)
    {
        using var request = new HttpRequestMessage(new HttpMethod(asked.Method), asked.Url);
        if (asked.Method is not ("GET" or "HEAD"))
        {
            request.Content = new StringContent("{}", Encoding.UTF8, contentType);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
        var body = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync(stop.Token);
        var outcome = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "unknown",
            HttpStatusCode.Forbidden => "forbidden",
            HttpStatusCode.InternalServerError => "broken: " + body,
            _ => "allowed",
        };
        if (asked.IsGateway && outcome is "unknown" or "forbidden" && asked.Method != "HEAD")
        {
            Assert.NotNull(JsonNode.Parse(body)!["error"]!["message"]);
        }

        return (response.StatusCode, outcome);
    }

    private static async Task<string> RevokedAsync(AccessServer server)
    {
        var created = await server.Local().CreateKeyAsync(new CreateKeyRequest { Name = "revoked", Role = TeamRole.Admin });
        using var http = server.Http(created.Secret);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("api/apps", TestContext.Current.CancellationToken)).StatusCode);
        await server.Local().RevokeKeyAsync(created.Key.Id);
        return created.Secret;
    }

    private static async Task<string> ExpiredAsync(AccessServer server)
    {
        var created = await server.Local().CreateKeyAsync(new CreateKeyRequest { Name = "expired", Role = TeamRole.Admin, ExpiresInDays = 1 });
        await using var database = await server.Server.Services.GetRequiredService<IDbContextFactory<LandfallDatabase>>().CreateDbContextAsync();
        (await database.Set<ApiKeyEntity>().SingleAsync(k => k.Id == created.Key.Id)).ExpiresAt = TimeProvider.System.GetUtcNow();
        await database.SaveChangesAsync();
        return created.Secret;
    }

    private static IEnumerable<Case> Operations()
    {
        var document = JsonNode.Parse(Repository.Read("docs", "reference", "openapi.json"))!;
        return document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => new Case(
            operation.Key.ToUpperInvariant(),
            path.Key,
            operation.Value![AccessDocument.RoleMember] is { } role ? Enum.Parse<Role>(role.GetValue<string>(), ignoreCase: true) : null,
            operation.Value[AccessDocument.GatewayMember] is not null,
            operation.Value[AccessDocument.OwnersMember] is not null)));
    }

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    private sealed record Case(string Method, string Path, Role? Role, bool IsGateway, bool IsForOwners)
    {
        public string Url => Parameter().Replace(Path, p => p.Value.StartsWith("{sha256", StringComparison.Ordinal) || p.Value == "{version}" ? new string('0', 64)
            : p.Value is "{number}" or "{number:int}" ? "1" : "none");
    }
}
