using System.Text.Json.Nodes;

namespace Landfall.EndToEnd.Clients;

/// <summary>Runs scripts with the official <c>openai</c> npm client.</summary>
internal static class NodeClient
{
    private static readonly NodeProgram Client = new(RepositoryRoot.PathOf("tests", "Landfall.EndToEnd.Tests", "Clients", "openai"), "ci");

    /// <summary>What a script prints; the test is skipped where there is no Node.js.</summary>
    public static async Task<JsonNode> AskAsync(string script, params string[] arguments) => JsonNode.Parse(await Client.RunAsync([script, .. arguments]))!;
}
