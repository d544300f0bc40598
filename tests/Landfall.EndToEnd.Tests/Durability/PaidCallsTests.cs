using System.Text.Json;
using Landfall.Protocol;
using Landfall.Protocol.Reports;
using Landfall.StubEndpoint;

namespace Landfall.EndToEnd.Durability;

/// <summary>
/// Must show: the search for a prompt beats the first prompt on validation data, the paired test on test data says by how
/// much, and a landing that is killed at random calls never pays for an answer twice (counted at the endpoint).
/// </summary>
[Collection("Durability")]
public sealed class PaidCallsTests
{
    private const int MostKillsPerLanding = 5;

    private static readonly string[] Labels = ["slow_speed", "no_internet", "wifi_password", "static_ip", "moving_house", "refund_request", "parental_controls", "out_of_scope"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Land_WithASearch_BeatsTheFirstPromptAndThePairedTestSaysByHowMuch()
    {
        await using var stub = await StubServer.StartAsync();
        using var folder = new TemporaryFolder();
        var report = await CompleteAsync(stub, AppIn(folder), folder.PathOf("data-folder"));

        var searched = report.Candidates.Single(c => c.Name == "prompt");
        var first = report.Candidates.Single(c => c.Name != "prompt");
        var chosen = Assert.Single(searched.Notes, n => n.StartsWith("Chosen on validation data", StringComparison.Ordinal));
        var pair = Assert.Single(report.Comparisons, c => c.Metric.EndsWith("accuracy", StringComparison.Ordinal));
        Soak.Say($"search: {chosen} Test: {searched.Metrics["accuracy"].Value:0.000} against {first.Metrics["accuracy"].Value:0.000}, paired difference {pair.Difference:0.000}, p {pair.P:0.0000}, {stub.Billing.Billed.Count} calls, ${searched.CostUsd:0.0000}");
        Assert.True(searched.Metrics["accuracy"].Value > first.Metrics["accuracy"].Value, chosen);
        Assert.True(pair.P < 0.01, $"p is {pair.P}");
        Assert.True(searched.CostUsd > 0);
        Assert.NotNull(searched.Metrics["cost-per-1k-requests-usd"]);
        Assert.Equal(0, stub.Billing.BilledTwice);
    }

    [Fact]
    public async Task Land_KilledAtRandomCalls_PaysForNoAnswerTwice()
    {
        var kills = Soak.Count("LANDFALL_SOAK_CALL_KILLS", everyDay: 3);
        var random = new Random(Soak.Seed);
        await using var undisturbed = await StubServer.StartAsync();
        using (var folder = new TemporaryFolder())
        {
            await CompleteAsync(undisturbed, AppIn(folder), folder.PathOf("data-folder"));
        }

        var calls = undisturbed.Billing.Billed.Count;
        var (done, twice, landings) = (0, 0, 0);
        while (done < kills)
        {
            await using var stub = await StubServer.StartAsync(new StubOptions
            {
                Latency = TimeSpan.FromMilliseconds(5),
                Faults = StubOptions.Sometimes(Soak.Seed, 0.02, StubFault.ServerError, StubFault.HalfAnswer),
            });
            using var folder = new TemporaryFolder();
            var (app, data) = (AppIn(folder), folder.PathOf("data-folder"));
            landings++;
            var here = 0;
            while (here < MostKillsPerLanding && done < kills && await KilledAfterAsync(stub, app, data, random.Next(5, calls / 3)))
            {
                here++;
                done++;
            }

            await CompleteAsync(stub, app, data);
            twice += stub.Billing.BilledTwice;
            Assert.Equal(calls, stub.Billing.Billed.Count);
        }

        Soak.Say($"calls: {twice} answers paid for twice in {done} kills ({landings} landings of {calls} calls, seed {Soak.Seed})");
        Assert.Equal(0, twice);
    }

    /// <summary>Lands, and kills the process once so many further requests have arrived; false when it ended before.</summary>
    private static async Task<bool> KilledAfterAsync(StubServer stub, string app, string data, int requests)
    {
        var target = stub.Billing.Requests + requests;
        await using var process = LandfallProcess.Start(Command(app, data), stub.Environment());
        while (stub.Billing.Requests < target)
        {
            if (await process.WaitForAsync(TimeSpan.FromMilliseconds(5), Cancellation))
            {
                return false;
            }
        }

        await process.KillAsync(Cancellation);
        return true;
    }

    private static async Task<Report> CompleteAsync(StubServer stub, string app, string data)
    {
        var ended = await LandfallProcess.RunAsync(Command(app, data), Cancellation, stub.Environment());
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return JsonSerializer.Deserialize(await File.ReadAllTextAsync(Path.Combine(app, "report.json"), Cancellation), LandfallJsonContext.Default.Report)!;
    }

    private static string[] Command(string app, string data) => ["land", app, "--no-serve", "--json", "--data", data];

    /// <summary>A part of <c>examples/helpdesk</c>: eight of its labels, with the prompt that one would write first and with a search.</summary>
    private static string AppIn(TemporaryFolder folder)
    {
        var app = folder.PathOf("app");
        Directory.CreateDirectory(Path.Combine(app, "data"));
        foreach (var (part, most) in new[] { ("train", 60), ("test", 30) })
        {
            var rows = File.ReadLines(RepositoryRoot.PathOf("examples", "helpdesk", "data", $"{part}.jsonl"))
                .GroupBy(line => JsonDocument.Parse(line).RootElement.GetProperty("label").GetString()!)
                .Where(g => Labels.Contains(g.Key))
                .SelectMany(g => g.Take(most));
            File.WriteAllLines(Path.Combine(app, "data", $"{part}.jsonl"), rows);
        }

        File.WriteAllText(Path.Combine(app, "brief.yaml"), """
            app: paid
            scenario: Customers of an internet provider write one short message; the app names its intent.
            interaction: single-turn
            output: { kind: label }
            scope:
              in: [connection, contract, settings]
              out: { label: out_of_scope }
            data: { train: data/train.jsonl, test: data/test.jsonl }
            targets:
              - { metric: accuracy, at-least: 0.50 }
              - { metric: cost-per-1k-requests-usd, at-most: 20 }
            techniques:
              - prompt: { search: none }
              - prompt
            budget: { time: 10m, money: 5 }
            """);
        return app;
    }
}
