namespace Landfall.EndToEnd.Durability;

/// <summary>A landing that is killed at random moments ends with the report of one that is not.</summary>
[Collection("Durability")]
public sealed class KillTests(UndisturbedLanding undisturbed)
{
    /// <summary>So that a soak compares many reports, and not one after fifty kills.</summary>
    private const int MostKillsPerLanding = 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Land_KilledAtRandomMoments_EndsWithTheSameReport()
    {
        var kills = Soak.Count("LANDFALL_SOAK_KILLS", everyDay: 6);
        var random = new Random(Soak.Seed);
        var (expected, duration) = await undisturbed.GetAsync();
        var (done, identical, landings) = (0, 0, 0);
        var trouble = new List<string>();
        while (done < kills)
        {
            using var landing = new Landing();
            landings++;
            var hits = new List<double>();
            CommandResult? ended = null;
            while (ended is null && hits.Count < MostKillsPerLanding && done + hits.Count < kills)
            {
                var after = duration * random.NextDouble();
                ended = await landing.RunOrKillAsync(after, Cancellation);
                if (ended is null)
                {
                    hits.Add(after.TotalSeconds);
                }
            }

            ended ??= await LandfallProcess.RunAsync(landing.Command, Cancellation);

            // Later runs are often faster than the first one, and kills after their end would hit nothing.
            duration = ended.Elapsed < duration && hits.Count == 0 ? ended.Elapsed : duration;
            done += hits.Count;
            if (ended.ExitCode == 0 && landing.Report == expected)
            {
                identical += hits.Count;
            }
            else
            {
                trouble.Add($"killed after {string.Join(", ", hits.Select(h => $"{h:0.00}"))} s: {ended}");
            }
        }

        Soak.Say($"kill: {identical} of {kills} identical ({landings} landings, seed {Soak.Seed}, {duration.TotalSeconds:0.0} s undisturbed)");
        Assert.True(identical == kills, string.Join("\n", trouble));
    }
}
