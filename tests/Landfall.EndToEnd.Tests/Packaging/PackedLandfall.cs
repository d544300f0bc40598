using System.Diagnostics;

[assembly: AssemblyFixture(typeof(Landfall.EndToEnd.Packaging.PackedLandfall))]

namespace Landfall.EndToEnd.Packaging;

/// <summary>
/// The packages, made of the built program once, when first needed, and a folder to install them in that knows no other
/// source and no package that was restored before.
/// </summary>
public sealed class PackedLandfall : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task> _packed;
    private readonly Lazy<Task<string>> _installed;

    public PackedLandfall()
    {
        _packed = new Lazy<Task>(PackAsync);
        _installed = new Lazy<Task<string>>(InstallAsync);
    }

    /// <summary>The build configuration of the program under test.</summary>
    public static string BuildConfiguration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Where the packages of the build itself were restored to.</summary>
    public static string RestoredPackages { get; } = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } packages
        ? packages
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The folder that the packages are in.</summary>
    public string Feed => _folder.PathOf("feed");

    public void Dispose() => _folder.Dispose();

    /// <summary>Installs the tool.</summary>
    /// <returns>The folder that <c>landfall</c> is in.</returns>
    public Task<string> InstallToolAsync() => _installed.Value;

    /// <summary>Makes the packages.</summary>
    public Task PackedAsync() => _packed.Value;

    /// <summary>Runs <c>dotnet</c> to its good end.</summary>
    /// <returns>What it said.</returns>
    internal async Task<string> DotnetAsync(string workingFolder, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingFolder };
        start.Environment["NUGET_PACKAGES"] = _folder.PathOf("packages");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";

        // A build server that outlives the command would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var said = string.Concat(await output);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{said}");
        return said;
    }

    /// <summary>Makes a folder in which only our packages can be had.</summary>
    internal string CleanFolder(string name)
    {
        var folder = Directory.CreateDirectory(_folder.PathOf(name)).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="landfall" value="{Feed}" /></packageSources>
            </configuration>
            """);
        return folder;
    }

    private async Task PackAsync()
    {
        var restored = new Dictionary<string, string> { ["NUGET_PACKAGES"] = RestoredPackages };
        foreach (var project in new[] { "Landfall", "Landfall.Protocol" })
        {
            await DotnetAsync(RepositoryRoot.Path, ["pack", $"src/{project}", "--no-build", "--configuration", BuildConfiguration, "--output", Feed], restored);
        }
    }

    private async Task<string> InstallAsync()
    {
        await PackedAsync();
        var folder = CleanFolder("tool");
        var installed = Path.Combine(folder, "bin");
        await DotnetAsync(folder, ["tool", "install", "landfall", "--tool-path", installed]);
        return installed;
    }
}
