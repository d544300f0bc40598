using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Landfall.Platform.Access;
using Landfall.Protocol;
using Landfall.Protocol.Access;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Datasets;
using Landfall.Protocol.Landings;
using Landfall.Protocol.Runs;
using Landfall.Tests.Hosting;

namespace Landfall.Tests.Access;

/// <summary>
/// Teams with generated things, whose names may be the same: nothing of one is ever in an answer to another, whatever is
/// listed and whichever of the first one's ids are guessed.
/// </summary>
public sealed partial class TeamIsolationTests
{
    private const int MostGuesses = 60;

    private static readonly Gen<string> Names = Gen.OneOf(Gen.Const("desk"), Gen.Const("shop"), Gen.Const("bank"));

    /// <summary>Two or three teams, each with an app and one to three datasets of names from a small pool.</summary>
    private static readonly Gen<Plan[]> Plans = Gen.Select(Names, Names.Array[1, 3], Gen.Int[1, 1000], (app, datasets, seed) => new Plan(app, datasets, seed)).Array[2, 3];

    [Fact]
    public async Task AnyAnswer_ToATeam_HasNothingOfAnother() => await Plans.SampleAsync(CheckAsync, iter: 2, threads: 1);

    private static async Task CheckAsync(Plan[] plans)
    {
        await using var server = await AccessServer.StartAsync();
        var teams = new List<Team>();
        foreach (var (plan, index) in plans.Select((plan, index) => (plan, index)))
        {
            teams.Add(await FillAsync(server, index == 0 ? "default" : $"team{index}", $"zq{index}marker{plan.Seed}q", plan));
        }

        foreach (var team in teams)
        {
            team.Known.UnionWith(await HarvestAsync(team, teams));
        }

        foreach (var (asking, other) in teams.SelectMany(a => teams.Where(o => o != a).Select(o => (a, o))))
        {
            await GuessAsync(asking, other);
        }
    }

    private static async Task<Team> FillAsync(AccessServer server, string name, string marker, Plan plan)
    {
        if (name != "default")
        {
            await server.Local().CreateTeamAsync(name);
        }

        var local = server.Local(name);
        await local.AddUserAsync(new AddUserRequest { Name = $"user-{marker}", Role = TeamRole.Viewer, Password = AccessServer.Password });
        var http = server.Http(await server.KeyAsync(TeamRole.Admin, name, name: $"key-{marker}"));
        var client = new LandfallClient(http);
        foreach (var (dataset, index) in plan.Datasets.Select((d, i) => (d, i)))
        {
            var hash = await UploadAsync(client, Encoding.UTF8.GetBytes($"text,label\n{marker} one,{index}\nhello two,b\n"));
            await EndAsync(client, await client.ImportDatasetAsync(new ImportRequest(dataset, $"{dataset}.csv", hash)));
        }

        // The same brief and, but for one word, the same rows in every team.
        var app = AppFiles.English(plan.App, train: 60, test: 70);
        var files = new Dictionary<string, FileReference>(StringComparer.Ordinal);
        foreach (var (path, content) in app.Files)
        {
            var own = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("invoice", marker, StringComparison.Ordinal));
            files[path] = new FileReference(FileState.Present, await UploadAsync(client, own), own.Length);
        }

        var request = new LandingRequest { Brief = new BriefSource { Text = $"{app.Brief}\n# {marker}\n", Files = files }, Origin = "here" };
        await EndAsync(client, await client.LandAsync(request));
        return new Team(name, marker, http, [$"user-{marker}", plan.App, .. plan.Datasets, .. files.Values.Select(f => f.Sha256!)]);
    }

    private static async Task EndAsync(LandfallClient client, RunSummary run)
    {
        await foreach (var next in client.FollowRunAsync(run.Id))
        {
            run = next.Run ?? run;
        }

        Assert.True(run.State == RunState.Completed, run.Error);
    }

    private static async Task<string> UploadAsync(LandfallClient client, byte[] content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        await client.PutBlobAsync(hash, new MemoryStream(content));
        return hash;
    }

    /// <summary>All that a team's own lists, and what these lead to, say; without a word of another team.</summary>
    private static async Task<HashSet<string>> HarvestAsync(Team team, List<Team> teams)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Paths("get").Where(p => !p.Contains('{', StringComparison.Ordinal)))
        {
            var (status, body) = await AskAsync(team, HttpMethod.Get, path);
            Assert.True(status == HttpStatusCode.OK || (int)status is 400 or 404 or 409, $"{path}: {status}");
            Assert.All(teams.Where(t => t != team), other => Assert.DoesNotContain(other.Marker, body, StringComparison.Ordinal));
            Collect(body, found);
        }

        Assert.Contains(found, v => v.Contains(team.Marker, StringComparison.Ordinal));
        return found;
    }

    private static async Task GuessAsync(Team asking, Team other)
    {
        var guesses = other.Known.Where(v => !asking.Known.Contains(v)).Order(StringComparer.Ordinal).ToArray();
        var answered = 0;
        foreach (var (method, path) in Paths("get").Select(p => (HttpMethod.Get, p)).Concat(Paths("head").Select(p => (HttpMethod.Head, p)))
            .Concat(Paths("delete").Select(p => (HttpMethod.Delete, p))).Concat(Paths("post").Where(p => p.Contains("/runs/", StringComparison.Ordinal)).Select(p => (HttpMethod.Post, p))))
        {
            if (!path.Contains('{', StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var guess in Pick(guesses, other))
            {
                // Further parameters get what the other team has as well, so that the first one decides.
                var further = 0;
                var url = Parameter().Replace(path, _ => Uri.EscapeDataString(further++ == 0 ? guess : guesses[(further * 7) % guesses.Length]));
                var (status, body) = await AskAsync(asking, method, url);
                Assert.True((int)status is 400 or 404, $"{asking.Name} asked {method} {url} of {other.Name}: {status} {body}");
                Assert.DoesNotContain(other.Marker, body.Replace(guess, "", StringComparison.Ordinal), StringComparison.Ordinal);
                answered++;
            }
        }

        Assert.True(answered > 100, $"Only {answered} guesses were made.");
    }

    /// <summary>Ids first: they are what names things.</summary>
    private static IEnumerable<string> Pick(string[] guesses, Team other) =>
        guesses.OrderByDescending(g => g.Length is 32 or 64 && g.All(char.IsAsciiHexDigitLower)).ThenByDescending(g => g.Contains(other.Marker, StringComparison.Ordinal))
            .Where(g => g.Length is > 0 and < 120).Take(MostGuesses);

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(Team team, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path.TrimStart('/'));
        using var response = await team.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static void Collect(string body, HashSet<string> found)
    {
        try
        {
            Walk(JsonNode.Parse(body), found);
        }
        catch (JsonException)
        {
            // A schema or a page: no ids in it.
        }
    }

    private static void Walk(JsonNode? node, HashSet<string> found)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var member in members)
                {
                    Walk(member.Value, found);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Walk(item, found);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                found.Add(text);
                break;
        }
    }

    /// <summary>The paths of operations; what only owners may call looks at no id for anybody else.</summary>
    private static IEnumerable<string> Paths(string method) => JsonNode.Parse(Repository.Read("docs", "reference", "openapi.json"))!["paths"]!.AsObject()
        .Where(path => path.Value![method] is { } operation && operation[AccessDocument.OwnersMember] is null).Select(path => path.Key);

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    private sealed record Plan(string App, string[] Datasets, int Seed);

    private sealed record Team(string Name, string Marker, HttpClient Http, HashSet<string> Known);
}
