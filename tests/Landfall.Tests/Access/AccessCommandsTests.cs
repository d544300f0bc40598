using System.Text.Json;
using Landfall.Commands;
using Landfall.Hosting;
using Landfall.Protocol;

namespace Landfall.Tests.Access;

/// <summary>The commands about users, teams, keys and the audit log, each with a server of its own.</summary>
public sealed class AccessCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-commands-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Commands_OfTheDataFoldersOwner_ManageUsersKeysAndTheLog()
    {
        Assert.Equal((ExitCodes.Usage, ""), await RunAsync("", "users", "add", "anna"));
        Assert.Equal((ExitCodes.Ok, "'anna' is admin of the team, and an owner of the installation.\n"), await RunAsync("correct horse battery\n", "users", "add", "anna"));
        Assert.Equal(ExitCodes.Ok, (await RunAsync("", "teams", "add", "lab")).Code);
        Assert.Equal(ExitCodes.Ok, (await RunAsync("", "users", "add", "anna", "--existing", "--role", "viewer", "--team", "lab")).Code);
        Assert.Contains("anna", (await RunAsync("", "users", "list", "--team", "lab")).Output, StringComparison.Ordinal);
        var secret = (await RunAsync("", "keys", "create", "shop", "--gateway-only", "--team", "lab")).Output.Trim();
        Assert.StartsWith("lf_", secret, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.ServerTrouble, (await RunAsync("", "keys", "list", "--api-key", secret)).Code);
        Assert.DoesNotContain("shop", (await RunAsync("", "keys", "list")).Output, StringComparison.Ordinal);
        var key = Assert.Single(JsonSerializer.Deserialize((await RunAsync("", "keys", "list", "--json", "--team", "lab")).Output, LandfallJsonContext.Default.IReadOnlyListKeySummary)!);
        Assert.Equal(ExitCodes.Ok, (await RunAsync("", "keys", "revoke", key.Id, "--team", "lab")).Code);
        Assert.Equal(ExitCodes.Usage, (await RunAsync("", "keys", "revoke", key.Id)).Code);
        var page = JsonSerializer.Deserialize((await RunAsync("", "audit", "--json", "--team", "lab")).Output, LandfallJsonContext.Default.AuditPage)!;
        Assert.Equal(["RevokeKey", "CreateKey", "AddUser"], page.Entries.Select(e => e.Action));
        Assert.All(page.Entries, e => Assert.Equal(("local", "lab", "done"), (e.Actor, e.Team, e.Outcome)));
    }

    private async Task<(int Code, string Output)> RunAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter();
        using var reader = new StringReader(input);
        var code = await LandfallCommandLine.RunAsync(
            new CommandHost(), [.. arguments, "--data", _folder], new CommandConsole(output, error, reader), TimeProvider.System, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}
