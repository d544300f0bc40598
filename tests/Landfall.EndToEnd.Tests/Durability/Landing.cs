using System.Text.Json.Nodes;

[assembly: AssemblyFixture(typeof(Landfall.EndToEnd.Durability.UndisturbedLanding))]

namespace Landfall.EndToEnd.Durability;

/// <summary>The app <c>examples/helpdesk</c> in a folder of its own, and the command that lands it.</summary>
internal sealed class Landing : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Landing(string? dataFolder = null)
    {
        App = _folder.CopyExample("helpdesk");
        Data = dataFolder ?? _folder.PathOf("data");
    }

    public string App { get; }

    public string Data { get; }

    public string Database { get; set; } = "sqlite";

    /// <summary>Only what trains in seconds: what happens in the middle of a landing does not depend on the technique.</summary>
    public string[] Command => ["land", App, "--technique", "nearest", "--technique", "linear", "--no-serve", "--json", "--data", Data, "--database", Database];

    /// <summary>The last report, without what differs from run to run.</summary>
    public string Report => Comparable(File.ReadAllText(Path.Combine(App, "report.json")));

    /// <summary>Starts the command and kills it after this time, unless it has ended before.</summary>
    /// <returns>How it ended, or null when it was killed.</returns>
    public async Task<CommandResult?> RunOrKillAsync(TimeSpan after, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var process = LandfallProcess.Start(Command, environment);
        if (await process.WaitForAsync(after, cancellation))
        {
            return await process.WaitAsync(cancellation);
        }

        await process.KillAsync(cancellation);
        return null;
    }

    /// <summary>Runs the command to its end, which must be good.</summary>
    public async Task<CommandResult> CompleteAsync(CancellationToken cancellation)
    {
        var ended = await LandfallProcess.RunAsync(Command, cancellation);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return ended;
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// A report without times and memory, which no two runs share: <c>seconds</c>, <c>peakMemoryBytes</c>, and all of
    /// the latency metrics but their names and verdicts.
    /// </summary>
    public static string Comparable(string report)
    {
        var root = JsonNode.Parse(report)!.AsObject();
        foreach (var candidate in root["candidates"]!.AsArray().Select(c => c!.AsObject()))
        {
            candidate.Remove("seconds");
            candidate.Remove("peakMemoryBytes");
            var metrics = candidate["metrics"]?.AsObject() ?? [];
            foreach (var name in metrics.Select(m => m.Key).Where(IsLatency).ToList())
            {
                metrics[name] = null;
            }

            foreach (var target in (candidate["targets"]?.AsArray() ?? []).Select(t => t!.AsObject()).Where(t => IsLatency((string)t["metric"]!)))
            {
                foreach (var key in target.Select(t => t.Key).Where(k => k is not ("metric" or "verdict")).ToList())
                {
                    target.Remove(key);
                }
            }
        }

        return root.ToJsonString();
    }

    private static bool IsLatency(string metric) => metric.StartsWith("latency-", StringComparison.Ordinal);
}

/// <summary>One landing that nobody disturbs: what all disturbed ones are held against. It is made once, when first needed.</summary>
public sealed class UndisturbedLanding
{
    private readonly Lazy<Task<(string Report, TimeSpan Duration)>> _landed = new(LandAsync);

    /// <summary>Its report and how long the command took.</summary>
    public Task<(string Report, TimeSpan Duration)> GetAsync() => _landed.Value;

    private static async Task<(string Report, TimeSpan Duration)> LandAsync()
    {
        using var landing = new Landing();
        var ended = await landing.CompleteAsync(CancellationToken.None);
        Assert.Contains("\"release\":{", landing.Report, StringComparison.Ordinal);
        return (landing.Report, ended.Elapsed);
    }
}

/// <summary>How often to disturb: little in the tests of every day, more in <c>bench/soak</c>.</summary>
internal static class Soak
{
    public static int Count(string variable, int everyDay) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out var count) ? count : everyDay;

    /// <summary>The seed of all random moments; another one for every soak, the same one every day.</summary>
    public static int Seed => Count("LANDFALL_SOAK_SEED", 20_231);

    /// <summary>Says a figure where the soak's script and a person find it.</summary>
    public static void Say(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("LANDFALL_SOAK_LOG") is { } log)
        {
            File.AppendAllText(log, line + "\n");
        }
    }
}
