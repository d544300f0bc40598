using System.Diagnostics;

namespace Landfall.EndToEnd.Clients;

/// <summary>A folder with a <c>package.json</c>, installed when first needed, whose scripts Node.js runs.</summary>
/// <param name="folder">The folder.</param>
/// <param name="install">How npm installs it: <c>ci</c>, or <c>install --no-save</c> where the lock file cannot name all platforms' packages.</param>
internal sealed class NodeProgram(string folder, params string[] install)
{
    private static readonly Lazy<bool> HasNode = new(() => CanRun("node") && CanRun("npm"));
    private static readonly string[] NetworkFailures = ["ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "ENETUNREACH"];
    private readonly SemaphoreSlim _installing = new(1);

    /// <summary>Whether tests are skipped, and do not fail, where no packages can be had.</summary>
    public bool MayLackPackages { get; init; }

    /// <summary>Runs a script to its good end, or skips the test where it cannot be run here.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string input = "")
    {
        Assert.SkipUnless(HasNode.Value, "No node and npm on the path: install Node.js to run this client.");
        await InstallAsync();
        var (code, output, errors) = await StartAsync("node", arguments, input);
        Assert.True(code == 0, $"node {string.Join(' ', arguments)} ended with {code}: {output}{errors}");
        return output;
    }

    private async Task InstallAsync()
    {
        await _installing.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                var (code, output, errors) = await StartAsync("npm", [.. install, "--no-audit", "--no-fund"], "");
                Assert.SkipWhen(MayLackPackages && code != 0 && NetworkFailures.Any(errors.Contains), $"No packages can be had from npm here: {errors}");
                Assert.True(code == 0, $"npm {install[0]} in {folder} ended with {code}: {output}{errors}");
            }
        }
        finally
        {
            _installing.Release();
        }
    }

    private Task<(int Code, string Output, string Errors)> StartAsync(string program, IReadOnlyList<string> arguments, string input) =>
        ToolRun.RunAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder }, input);

    private static bool CanRun(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
