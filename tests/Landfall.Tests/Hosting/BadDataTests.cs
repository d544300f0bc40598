using System.Text;
using Landfall.Commands;
using Landfall.Hosting;
using Landfall.Protocol.Briefs;
using Landfall.Protocol.Errors;
using Landfall.Tests.Commands;

namespace Landfall.Tests.Hosting;

/// <summary>Broken input: one clear message, the right code, nothing half-written, and a landing after the repair.</summary>
public sealed class BadDataTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Train = "data/train.jsonl";

    /// <summary>What is broken, with what, the code of the refusal and what its message holds.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        { "one-class", ErrorCodes.BriefInvalid, "label" },
        { "empty", ErrorCodes.DataInvalid, "no rows" },
        { "utf8", ErrorCodes.DataInvalid, "line 3" },
        { "mixed", ErrorCodes.DataInvalid, "line 2" },
        { "long-line", ErrorCodes.DataInvalid, "line 1" },
        { "ragged", ErrorCodes.DataInvalid, "line 3" },
        { "not-text", ErrorCodes.DataInvalid, "line 1" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Land_BrokenTrainingData_IsRefusedAndLandsAfterTheRepair(string kind, string code, string says)
    {
        var good = AppFiles.English($"broken-{kind}", train: 60, test: 60, targets: "[{ metric: accuracy, at-least: 0.10 }]");
        var path = kind == "ragged" ? "data/train.csv" : Train;
        var bad = kind == "ragged" ? good.WithBrief(b => b.Replace(Train, path, StringComparison.Ordinal)) : good;
        var server = fixture.Server;
        var runs = server.Count("SELECT COUNT(*) FROM runs");

        var refused = await server.RefusedAsync(await server.RequestAsync(bad.With(path, Break(kind, good.Files[Train]))), 422, code);

        var error = Assert.Single(refused.Problem.Problems!, p => p.Severity == Severity.Error);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(runs, server.Count("SELECT COUNT(*) FROM runs"));
        Assert.Equal(0, server.Count($"SELECT COUNT(*) FROM apps WHERE Name = 'broken-{kind}'"));
        Assert.NotNull((await server.LandAsync(good)).Release);
    }

    [Fact]
    public async Task Land_BriefWithErrors_ListsThemAll()
    {
        var request = await fixture.Server.RequestAsync(AppFiles.English("errors", targets: "[{ metric: acuracy, at-least: 2 }, { metric: bleu, at-least: 0.5 }]"));
        var refused = await fixture.Server.RefusedAsync(request, 422, ErrorCodes.BriefInvalid);
        Assert.True(refused.Problem.Problems!.Count(p => p.Severity == Severity.Error) >= 2);
        Assert.All(refused.Problem.Problems!, p => Assert.True(p.Line > 0));
    }

    [Fact]
    public async Task Land_FilesNotUploaded_AreNamed()
    {
        var server = fixture.Server;
        var request = await server.RequestAsync(AppFiles.English("missing"));
        await server.RefusedAsync(request with { Brief = request.Brief with { Files = new Dictionary<string, FileReference>() } }, 422, ErrorCodes.BadRequest);
        foreach (var hash in new[] { new string('0', 64), "../../etc/passwd", null })
        {
            var files = new Dictionary<string, FileReference>(request.Brief.Files) { [Train] = new FileReference(FileState.Present, hash, 1) };
            var refused = await server.RefusedAsync(request with { Brief = request.Brief with { Files = files } }, 422, ErrorCodes.BriefInvalid);
            Assert.Contains(refused.Problem.Problems!, p => p.Code == "not-uploaded");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e300)]
    public async Task Land_BudgetThatIsNone_IsRefused(double seconds)
    {
        var request = await fixture.Server.RequestAsync(AppFiles.English("budget"));
        await fixture.Server.RefusedAsync(request with { BudgetSeconds = seconds }, 400, ErrorCodes.BadRequest);
        await fixture.Server.RefusedAsync(request with { Techniques = ["magic"] }, 400, ErrorCodes.BadRequest);
    }

    [Theory]
    [InlineData("utf8", ExitCodes.DataInvalid)]
    [InlineData("mixed", ExitCodes.DataInvalid)]
    [InlineData("one-class", ExitCodes.BriefInvalid)]
    [InlineData("brief", ExitCodes.BriefInvalid)]
    [InlineData("yaml", ExitCodes.BriefInvalid)]
    [InlineData("missing", ExitCodes.BriefInvalid)]
    [InlineData("outside", ExitCodes.BriefInvalid)]
    [InlineData("folder", ExitCodes.Usage)]
    [InlineData("good", ExitCodes.Ok)]
    public async Task LandCommand_ByInput_EndsWithItsExitCode(string kind, int expected)
    {
        using var folder = new TemporaryFolder();
        var app = AppFiles.English(train: 60, test: 60, targets: "[{ metric: accuracy, at-least: 0.10 }]");
        app = kind switch
        {
            "brief" => app.WithBrief(b => b.Replace("metric: accuracy", "metric: speed", StringComparison.Ordinal)),
            "yaml" => app.WithBrief(_ => "app: [unclosed\n  x: : y"),
            "missing" => app.WithBrief(b => b.Replace("data/train.jsonl", "data/other.jsonl", StringComparison.Ordinal)),
            "outside" => app.WithBrief(b => b.Replace("data/train.jsonl", "../other.jsonl", StringComparison.Ordinal)),
            "good" or "folder" => app,
            _ => app.With(Train, Break(kind, app.Files[Train])),
        };
        var home = Path.Combine(folder.Path, "app");
        if (kind != "folder")
        {
            app.WriteTo(home);
        }

        using var output = new StringWriter();
        using var error = new StringWriter();
        var console = new CommandConsole(output, error, new StringReader(""), interactive: false);
        var exitCode = await LandfallCommandLine.RunAsync(
            new CommandHost(), ["--data", Path.Combine(folder.Path, "state"), "land", home, "--no-serve", "--json"], console, TimeProvider.System, CancellationToken.None);

        Assert.True(expected == exitCode, $"exit {exitCode}: {error}");
        Assert.Equal(expected == ExitCodes.Ok, output.ToString().StartsWith('{'));
        Assert.Equal(expected == ExitCodes.Ok, File.Exists(Path.Combine(home, "report.json")));
        Assert.False(string.IsNullOrWhiteSpace(error.ToString()));
        Assert.DoesNotContain("   at Landfall", error.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Break(string kind, byte[] rows)
    {
        var lines = Encoding.UTF8.GetString(rows).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return kind switch
        {
            "one-class" => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 40).Select(i => AppFiles.Row($"message {i}", "label", "same")))),
            "empty" => [],
            "utf8" => [.. Encoding.UTF8.GetBytes(lines[0] + "\n" + lines[1] + "\n{\"text\":\"a"), 0xC3, 0x28, .. "\",\"label\":\"x\"}\n"u8],
            "mixed" => Encoding.UTF8.GetBytes(lines[0] + "\ntext,label\na,b\n"),
            "long-line" => Encoding.UTF8.GetBytes(AppFiles.Row(new string('a', 17 << 20), "label", "x") + "\n" + lines[0]),
            "ragged" => "text,label\nhello there,billing\nfoo,bar,baz\n"u8.ToArray(),
            _ => Encoding.UTF8.GetBytes("{\"text\": {\"a\": 1}, \"label\": [2]}\n"),
        };
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("landfall-land-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
