using Landfall.Protocol;
using Landfall.Protocol.Runs;
using Landfall.Protocol.Servers;

namespace Landfall.EndToEnd.Durability;

/// <summary>One data folder has one server: a second one is refused, and one that was replaced changes nothing more.</summary>
[Collection("Durability")]
public sealed class FencingTests(UndisturbedLanding undisturbed)
{
    private const int ServerTrouble = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_ReplacedWhilePaused_WritesNothingMoreAndEnds()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes are paused by signals.");
        var (expected, _) = await undisturbed.GetAsync();
        using var landing = new Landing();
        var (paused, _) = await LandfallProcess.ServeAsync(landing.Data, Cancellation);
        await using (paused)
        {
            var run = await StartLandingAsync(landing);
            await WaitForAsync(() => Tables.Journal(landing.Data, run).Any(e => e.EndsWith("|outcome|train/nearest", StringComparison.Ordinal)));
            paused.Pause();
            var (heir, info) = await TakeOverAsync(landing.Data, paused);
            await using (heir)
            {
                var client = ClientOf(info);
                await WaitForAsync(async () => (await client.GetRunAsync(run, Cancellation)).Run.State == RunState.Completed);
                Assert.Equal(expected, Landing.Comparable(await client.GetReportAsync("helpdesk", "json", Cancellation)));
                var before = Tables.Dump(landing.Data);

                paused.Continue();
                var ended = await paused.WaitAsync(Cancellation);

                Assert.True(ended.ExitCode == ServerTrouble, ended.ToString());
                Assert.Equal(before, Tables.Dump(landing.Data));
                Assert.Equal(info, LandfallProcess.ReadServerFile(landing.Data));
                Assert.Equal(info, await client.GetServerAsync(Cancellation));
                Assert.Throws<IOException>(() => new FileStream(Path.Combine(landing.Data, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose());
                await AssertRefusedAsync(landing.Data, info);
            }
        }
    }

    [Fact]
    public async Task Serve_TakesOverAServerThatAnswers_TheFirstEnds()
    {
        using var landing = new Landing();
        var (first, _) = await LandfallProcess.ServeAsync(landing.Data, Cancellation);
        await using (first)
        {
            var (second, info) = await LandfallProcess.ServeAsync(landing.Data, Cancellation, ["--take-over"]);
            await using (second)
            {
                var ended = await first.WaitAsync(Cancellation);

                Assert.True(ended.ExitCode == ServerTrouble, ended.ToString());
                Assert.Equal(info, LandfallProcess.ReadServerFile(landing.Data));
                Assert.Equal(info, await ClientOf(info).GetServerAsync(Cancellation));
            }
        }
    }

    [Fact]
    public async Task Serve_TakeOverWhereItsAddressIsTaken_LeavesThePresentServerAlone()
    {
        using var landing = new Landing();
        var (first, info) = await LandfallProcess.ServeAsync(landing.Data, Cancellation);
        await using (first)
        {
            var refused = await LandfallProcess.RunAsync(["serve", "--take-over", "--data", landing.Data, "--urls", info.Url], Cancellation);

            Assert.True(refused.ExitCode == ServerTrouble, refused.ToString());
            Assert.Contains(info.Url, Assert.Single(refused.Error.Trim().Split('\n')), StringComparison.Ordinal);
            await landing.CompleteAsync(Cancellation);
            Assert.Equal(info, await ClientOf(info).GetServerAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Serve_OnAFolderThatIsServed_IsRefusedAndCommandsUseTheServer()
    {
        using var landing = new Landing();
        var (server, info) = await LandfallProcess.ServeAsync(landing.Data, Cancellation);
        await using (server)
        {
            await AssertRefusedAsync(landing.Data, info);
            await landing.CompleteAsync(Cancellation);

            var run = Assert.Single(await ClientOf(info).GetRunsAsync(Cancellation));
            Assert.Equal((RunState.Completed, 1), (run.State, run.Epoch));
            Assert.False(server.HasExited);
        }
    }

    private static async Task AssertRefusedAsync(string dataFolder, ServerInfo holder)
    {
        var refused = await LandfallProcess.RunAsync(["serve", "--data", dataFolder, "--urls", "http://127.0.0.1:0"], Cancellation);
        Assert.True(refused.ExitCode == ServerTrouble, refused.ToString());
        Assert.Contains(holder.Url, Assert.Single(refused.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal("", refused.Output);
    }

    /// <summary>Starts a landing on the folder's server; its client is gone as soon as the run is there.</summary>
    private static async Task<string> StartLandingAsync(Landing landing)
    {
        await using var command = LandfallProcess.Start(landing.Command);
        var client = ClientOf(LandfallProcess.ReadServerFile(landing.Data)!);
        var run = "";
        await WaitForAsync(async () => (run = (await client.GetRunsAsync(Cancellation)).FirstOrDefault()?.Id ?? "").Length > 0);
        return run;
    }

    /// <summary>Replaces the paused server. Should it have been paused while it held the database's lock, it gets moments to leave it.</summary>
    private static async Task<(LandfallProcess Process, ServerInfo Info)> TakeOverAsync(string dataFolder, LandfallProcess paused)
    {
        var starting = LandfallProcess.ServeAsync(dataFolder, Cancellation, ["--take-over"]);
        while (await Task.WhenAny(starting, Task.Delay(TimeSpan.FromSeconds(15), Cancellation)) != starting)
        {
            paused.Continue();
            await Task.Delay(20, Cancellation);
            paused.Pause();
        }

        return await starting;
    }

    private static LandfallClient ClientOf(ServerInfo server) => new(new HttpClient { BaseAddress = new Uri(server.Url + "/") });

    private static Task WaitForAsync(Func<bool> condition) => WaitForAsync(() => Task.FromResult(condition()));

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        while (!await condition())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
