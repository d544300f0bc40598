using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Landfall.EndToEnd.Clients;

/// <summary>Runs scripts with the official <c>openai</c> npm client.</summary>
internal static class NodeClient
{
    private static readonly string Folder = RepositoryRoot.PathOf("tests", "Landfall.EndToEnd.Tests", "Clients", "openai");
    private static readonly Lazy<bool> HasNode = new(() => CanRun("node") && CanRun("npm"));
    private static readonly SemaphoreSlim Installing = new(1);

    /// <summary>What a script prints; the test is skipped where there is no Node.js.</summary>
    public static async Task<JsonNode> AskAsync(string script, params string[] arguments)
    {
        Assert.SkipUnless(HasNode.Value, "No node and npm on the path: install Node.js to run the openai client.");
        await Installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "openai")))
            {
                await RunAsync("npm", "ci", "--no-audit", "--no-fund");
            }
        }
        finally
        {
            Installing.Release();
        }

        return JsonNode.Parse(await RunAsync("node", [script, .. arguments]))!;
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(program, arguments))!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{await errors}");
        return output;
    }

    private static bool CanRun(string program)
    {
        try
        {
            using var process = Process.Start(StartInfo(program, ["--version"]))!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static ProcessStartInfo StartInfo(string program, string[] arguments) => new(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Folder,
    };
}
