using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Landfall.Hosting;

namespace Landfall.Tests;

/// <summary>The committed description of the HTTP API is that of the program.</summary>
public sealed class OpenApiDocumentTests
{
    private const string Update = "LANDFALL_UPDATE_OPENAPI";
    private static readonly string Committed = Path.Combine(Repository.Folder, "docs", "reference", "openapi.json");

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task OpenApiDocument_OfTheServer_IsTheCommittedOne()
    {
        var actual = await FetchAsync(TestContext.Current.CancellationToken);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            await File.WriteAllTextAsync(Committed, actual, TestContext.Current.CancellationToken);
        }

        var expected = File.Exists(Committed) ? await File.ReadAllTextAsync(Committed, TestContext.Current.CancellationToken) : "";
        Assert.True(expected == actual, $"The API has changed and docs/reference/openapi.json has not ({FirstDifference(expected, actual)}). Run this test with {Update}=1 to write the file anew, and review its diff.");
    }

    private static async Task<string> FetchAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("landfall-openapi-");
        try
        {
            var options = new LandfallServerOptions(folder.FullName, "http://127.0.0.1:0", TakeOver: false, IsService: false);
            await using var server = await LandfallServer.StartAsync(options, cancellation);
            using var http = new HttpClient();
            return Normalize(await http.GetStringAsync(new Uri(server.Info.Url + "/openapi/v1.json"), cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Without the address that the document was fetched from, and in an order that does not hang on how endpoints are found.</summary>
    private static string Normalize(string document)
    {
        var root = JsonNode.Parse(document)!.AsObject();
        root.Remove("servers");
        return Sorted(root)!.ToJsonString(Written) + "\n";
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, Sorted(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static string FirstDifference(string expected, string actual)
    {
        string[] before = expected.Split('\n'), after = actual.Split('\n');
        var line = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}: '{before.ElementAtOrDefault(line)?.Trim()}' is now '{after.ElementAtOrDefault(line)?.Trim()}'";
    }
}
