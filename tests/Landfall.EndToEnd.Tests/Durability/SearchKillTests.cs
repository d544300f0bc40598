using System.Text.Json.Nodes;

namespace Landfall.EndToEnd.Durability;

/// <summary>A search that is killed at random moments ends with the trials of one that is not.</summary>
[Collection("Durability")]
public sealed class SearchKillTests
{
    private const int MostKillsPerSearch = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_KilledAtRandomMoments_EndsWithTheSameTrials()
    {
        var kills = Soak.Count("LANDFALL_SOAK_SEARCH_KILLS", everyDay: 3);
        var random = new Random(Soak.Seed);
        var (expected, duration) = await UndisturbedAsync();
        var done = 0;
        while (done < kills)
        {
            using var landing = new Landing();
            CommandResult? ended = null;
            var hits = 0;
            while (ended is null && hits < MostKillsPerSearch && done < kills)
            {
                var process = LandfallProcess.Start(Command(landing));
                await using (process)
                {
                    if (await process.WaitForAsync(duration * random.NextDouble(), Cancellation))
                    {
                        ended = await process.WaitAsync(Cancellation);
                        break;
                    }

                    await process.KillAsync(Cancellation);
                    (hits, done) = (hits + 1, done + 1);
                }
            }

            ended ??= await LandfallProcess.RunAsync(Command(landing), Cancellation);
            Assert.True(ended.ExitCode == 0, ended.ToString());
            Assert.Equal(expected, Comparable(ended.Output));
        }

        Soak.Say($"search kill: {done} kills, all with the same trials (seed {Soak.Seed}, {duration.TotalSeconds:0.0} s undisturbed)");
    }

    private static string[] Command(Landing landing) =>
        ["search", landing.App, "--technique", "linear", "--trials", "8", "--method", "asha-tpe", "--seed", "5", "--json", "--data", landing.Data];

    private static async Task<(string Trials, TimeSpan Duration)> UndisturbedAsync()
    {
        using var landing = new Landing();
        var ended = await LandfallProcess.RunAsync(Command(landing), Cancellation);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return (Comparable(ended.Output), ended.Elapsed);
    }

    /// <summary>The result without times, which no two runs share.</summary>
    private static string Comparable(string json)
    {
        var result = JsonNode.Parse(json)!.AsObject();
        foreach (var trial in result["trials"]!.AsArray().Append(result["best"]))
        {
            trial!.AsObject().Remove("seconds");
        }

        return result.ToJsonString();
    }
}
