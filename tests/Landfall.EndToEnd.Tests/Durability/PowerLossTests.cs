using Landfall.Protocol;

namespace Landfall.EndToEnd.Durability;

/// <summary>A landing that loses power at a random moment, and with it all that was not synced, still ends with the same report.</summary>
[Collection("Durability")]
public sealed class PowerLossTests(UndisturbedLanding undisturbed)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Land_PowerLostAtRandomMoments_KeepsWhatWasAcknowledgedAndEndsWithTheSameReport()
    {
        using var folder = new TemporaryFolder();
        var library = await SyncedMirror.BuildAsync(folder.Path, Cancellation);
        var losses = Soak.Count("LANDFALL_SOAK_POWER_LOSSES", everyDay: 4);
        var random = new Random(Soak.Seed + 1);
        var (expected, duration) = await undisturbed.GetAsync();
        var (identical, acknowledged) = (0, 0);
        var trouble = new List<string>();
        for (var i = 0; i < losses; i++)
        {
            using var landing = new Landing();
            var mirror = new SyncedMirror(library, landing.Data, folder.PathOf($"record-{i}"));
            var after = duration * random.NextDouble();
            var lost = i % 2 == 0
                ? await LoseCommandAsync(landing, mirror, after)
                : await LoseServerAsync(landing, mirror, after);
            Directory.Delete(landing.Data, recursive: true);
            mirror.Restore(landing.Data);
            var kept = lost.Run is null ? new HashSet<string>() : Tables.Journal(landing.Data, lost.Run);
            acknowledged += lost.Acknowledged.Count;
            var gone = lost.Acknowledged.Where(e => !kept.Contains(e)).ToList();
            var ended = await LandfallProcess.RunAsync(landing.Command, Cancellation);
            if (ended.ExitCode == 0 && landing.Report == expected && gone.Count == 0)
            {
                identical++;
            }
            else
            {
                trouble.Add($"loss {i} after {after.TotalSeconds:0.00} s: acknowledged and gone: [{string.Join(", ", gone)}]; {ended}");
            }
        }

        Soak.Say($"power: {identical} of {losses} identical, {acknowledged} acknowledged journal entries read by a client before (seed {Soak.Seed})");
        Assert.True(identical == losses, string.Join("\n", trouble));
    }

    /// <summary>The command's own process loses power.</summary>
    private static async Task<Loss> LoseCommandAsync(Landing landing, SyncedMirror mirror, TimeSpan after)
    {
        await landing.RunOrKillAsync(after, Cancellation, mirror.Environment);
        return new Loss(Run: null, []);
    }

    /// <summary>A server loses power while a client reads the journal of its run.</summary>
    private static async Task<Loss> LoseServerAsync(Landing landing, SyncedMirror mirror, TimeSpan after)
    {
        var (server, info) = await LandfallProcess.ServeAsync(landing.Data, Cancellation, environment: mirror.Environment);
        await using (server)
        {
            await using var command = LandfallProcess.Start(landing.Command);
            using var http = new HttpClient { BaseAddress = new Uri(info.Url + "/") };
            using var reading = new CancellationTokenSource();
            var reader = ReadJournalAsync(new LandfallClient(http), reading.Token);
            await command.WaitForAsync(after, Cancellation);
            await server.KillAsync(Cancellation);
            await reading.CancelAsync();
            return await reader;
        }
    }

    private static async Task<Loss> ReadJournalAsync(LandfallClient client, CancellationToken cancellation)
    {
        var loss = new Loss(Run: null, []);
        try
        {
            while (true)
            {
                if (loss.Run is null)
                {
                    var runs = await client.GetRunsAsync(cancellation);
                    loss = loss with { Run = runs.Count == 0 ? null : runs[0].Id };
                }
                else
                {
                    var journal = (await client.GetRunAsync(loss.Run, cancellation)).Journal;
                    loss = loss with { Acknowledged = [.. journal.Select(e => $"{e.Seq}|{e.Kind}|{e.Step}")] };
                }

                await Task.Delay(3, cancellation);
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            // The server is gone.
            return loss;
        }
    }

    private sealed record Loss(string? Run, IReadOnlyList<string> Acknowledged);
}
