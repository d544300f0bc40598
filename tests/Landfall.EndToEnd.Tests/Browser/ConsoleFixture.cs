using System.Diagnostics;
using Microsoft.Playwright;

namespace Landfall.EndToEnd.Browser;

/// <summary>The tests that share one published server and one browser.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleFixture>
{
    public const string Name = "console";
}

/// <summary>
/// The published build (what users unpack), started from an empty folder that is not its own, with the helpdesk example landed into it
/// by a second process; and a Chromium. Static assets are found from there or not at all, so nothing here may run from the sources.
/// </summary>
public sealed class ConsoleFixture : IAsyncLifetime
{
    private static readonly string?[] Browsers =
        [Environment.GetEnvironmentVariable("LANDFALL_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly TemporaryFolder _folder = new();
    private LandfallProcess? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static string? Chromium { get; } = Array.Find(Browsers, File.Exists);

    /// <summary>Where the console answers, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The run that landed the example.</summary>
    public string RunId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        // On a busy machine a page, or a cancel in the middle of a training, takes its time; what is wrong stays wrong.
        Assertions.SetDefaultExpectTimeout(30_000);
        if (Chromium is null)
        {
            return;
        }

        await PublishAsync();
        Directory.CreateDirectory(_folder.PathOf("elsewhere"));
        _server = Start("serve", "--urls", "http://127.0.0.1:0");
        Url = (await _server.AnsweringAsync(_folder.PathOf("data"), CancellationToken.None)).Url;
        var landed = await Land(_folder.CopyExample("helpdesk")).WaitAsync(CancellationToken.None);
        Assert.True(landed.ExitCode == 0, landed.ToString());
        RunId = landed.Output.Split('\n').Concat(landed.Error.Split('\n')).First(line => line.StartsWith("Run ", StringComparison.Ordinal)).Split(' ', ':')[1];
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Opens a browser of its own, as a visitor has it who comes for the first time.</summary>
    /// <param name="language">What the browser asks for, such as <c>zh-CN</c>.</param>
    /// <param name="dark">Whether the visitor's system is dark.</param>
    /// <param name="width">Pixels.</param>
    public async Task<WatchedPage> OpenAsync(string language = "en-GB", bool dark = false, int width = 1280)
    {
        Assert.SkipWhen(Chromium is null, "No Chromium: apt-get install -y chromium fonts-noto-cjk, or name one in LANDFALL_CHROMIUM.");
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Url,
            Locale = language,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = width, Height = 900 },
        });
        return new WatchedPage(await context.NewPageAsync());
    }

    /// <summary>Starts to land a folder into the shared server.</summary>
    internal LandfallProcess Land(string folder) => Start("land", folder, "--technique", "nearest", "--technique", "linear", "--no-serve");

    /// <summary>A copy of the example, under another name, with so many more training rows that a landing can be watched.</summary>
    internal string CopyLarge(string app, int times)
    {
        using var copy = new TemporaryFolder(_folder.Path);
        var folder = _folder.PathOf(app);
        Directory.Move(copy.CopyExample("helpdesk"), folder);
        var brief = Path.Combine(folder, "brief.yaml");
        File.WriteAllText(brief, File.ReadAllText(brief).Replace("app: helpdesk", $"app: {app}", StringComparison.Ordinal));
        var train = Path.Combine(folder, "data", "train.jsonl");
        var rows = File.ReadAllLines(train);
        File.WriteAllLines(train, Enumerable.Range(0, times).SelectMany(copyNumber => rows.Select(row => row.Replace("{\"text\": \"", $"{{\"text\": \"({copyNumber}) ", StringComparison.Ordinal))));
        return folder;
    }

    private LandfallProcess Start(params string[] arguments) => LandfallProcess.Start(
        [.. arguments, "--data", _folder.PathOf("data")], workingFolder: _folder.PathOf("elsewhere"), executableFolder: _folder.PathOf("published"));

    private async Task PublishAsync()
    {
        // Nothing that outlives the command: a build server would keep its output open.
        string[] arguments =
        [
            "publish", RepositoryRoot.PathOf("src", "Landfall"), "-c", "Release", "--no-restore", "-o", _folder.PathOf("published"),
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v:quiet", "-nologo",
        ];
        var start = new ProcessStartInfo(Path.Combine(LandfallProcess.DotnetRoot, "dotnet"), arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        using var publish = Process.Start(start)!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, output);
    }
}
