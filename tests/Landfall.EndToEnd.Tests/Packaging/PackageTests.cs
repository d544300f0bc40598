using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Landfall.EndToEnd.Packaging;

/// <summary>The tool and the client package, as somebody without the sources uses them.</summary>
public sealed class PackageTests(PackedLandfall packed)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tool_InstalledInACleanFolder_LandsACsvAndServesTheConsole()
    {
        var tool = await packed.InstallToolAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("data.csv"), Messages(), Cancellation);

        await using var landing = LandfallProcess.Start(["land", "data.csv", "--no-serve", "--data", folder.PathOf("state")], workingFolder: folder.Path, executableFolder: tool);
        var landed = await landing.WaitAsync(Cancellation);
        Assert.True(landed.ExitCode == 0, landed.ToString());
        var report = Assert.Single(Directory.GetFiles(folder.Path, "report.json", SearchOption.AllDirectories));
        Assert.Contains("\"candidates\":", await File.ReadAllTextAsync(report, Cancellation), StringComparison.Ordinal);

        await using var serving = LandfallProcess.Start(
            ["serve", "--urls", "http://127.0.0.1:0", "--data", folder.PathOf("state")], workingFolder: folder.Path, executableFolder: tool);
        var server = await serving.AnsweringAsync(folder.PathOf("state"), Cancellation);
        await AssertConsoleAsync(server.Url);
        await AssertClientAsync(server.Url);
    }

    [Fact]
    public async Task ClientPackage_OfTheProtocol_HasDocumentationAndNoDependencies()
    {
        await packed.PackedAsync();
        await using var package = await ZipFile.OpenReadAsync(Directory.GetFiles(packed.Feed, "Landfall.Protocol.*.nupkg").Single(), Cancellation);
        var names = package.Entries.Select(e => e.FullName).ToList();
        Assert.Contains("lib/net10.0/Landfall.Protocol.dll", names);
        Assert.Contains("lib/net10.0/Landfall.Protocol.xml", names);
        Assert.Contains("README.md", names);
        using var specification = new StreamReader(await package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).OpenAsync(Cancellation));
        Assert.DoesNotContain("<dependency ", await specification.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>Every style sheet and script that the console's page names is there, and is not empty.</summary>
    private static async Task AssertConsoleAsync(string url)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url + "/") };
        var page = await http.GetStringAsync(new Uri("", UriKind.Relative), Cancellation);
        var assets = System.Text.RegularExpressions.Regex.Matches(page, """(?:src|href)="(?<path>[^":#]+\.(?:css|js))""", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Select(m => m.Groups["path"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.Contains(assets, a => a.Contains("MudBlazor", StringComparison.Ordinal) && a.EndsWith(".css", StringComparison.Ordinal));
        Assert.Contains(assets, a => a.Contains("blazor.web", StringComparison.Ordinal));
        foreach (var asset in assets)
        {
            Assert.True((await http.GetByteArrayAsync(new Uri(asset, UriKind.Relative), Cancellation)).Length > 100, $"{asset} is empty.");
        }
    }

    /// <summary>The sample builds against the package, and lists the app.</summary>
    private async Task AssertClientAsync(string url)
    {
        var sample = packed.CleanFolder("client");
        foreach (var file in Directory.GetFiles(RepositoryRoot.PathOf("examples", "client")))
        {
            File.Copy(file, Path.Combine(sample, Path.GetFileName(file)));
        }

        Assert.Contains("data: ", await packed.DotnetAsync(sample, ["run", "--", url]), StringComparison.Ordinal);
        Assert.Contains(" ms)", await packed.DotnetAsync(sample, ["run", "--no-build", "--", url, "data", "where is parcel 7"]), StringComparison.Ordinal);
    }

    /// <summary>Messages of three kinds, each told apart by its words.</summary>
    private static string Messages()
    {
        var (csv, random) = (new StringBuilder("text,label\n"), new Random(7));
        string[] verbs = ["where is", "what about", "tell me of", "i ask for", "please check", "any news on"];
        foreach (var (label, noun) in new[] { ("delivery", "parcel"), ("billing", "invoice"), ("access", "password") })
        {
            for (var i = 0; i < 120; i++)
            {
                csv.AppendLine(CultureInfo.InvariantCulture, $"{verbs[random.Next(verbs.Length)]} {noun} number {random.Next(100_000)},{label}");
            }
        }

        return csv.ToString();
    }
}
