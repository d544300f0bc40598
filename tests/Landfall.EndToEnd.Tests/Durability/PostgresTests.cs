using Landfall.Postgres;

[assembly: AssemblyFixture(typeof(Landfall.Postgres.SharedPostgres))]

namespace Landfall.EndToEnd.Durability;

/// <summary>The program on a PostgreSQL server of its own.</summary>
[Collection("Durability")]
public sealed class PostgresTests(UndisturbedLanding undisturbed) : IAsyncLifetime
{
    private PostgresCluster? _cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PostgresCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresCluster.IsInstalled, PostgresCluster.NotInstalled);
        _cluster = await PostgresCluster.StartAsync();
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Land_OnPostgres_GivesTheReportOfSqlite()
    {
        using var landing = new Landing { Database = await Cluster.CreateDatabaseAsync() };
        var ended = await landing.CompleteAsync(Cancellation);

        Assert.Equal((await undisturbed.GetAsync()).Report, landing.Report);
        Assert.False(File.Exists(Path.Combine(landing.Data, "landfall.db")));
        AssertNoPassword(ended);
    }

    [Fact]
    public async Task Land_DatabaseStopsInTheMiddle_GoesOnAndGivesTheSameReport()
    {
        var (expected, duration) = await undisturbed.GetAsync();
        using var landing = new Landing { Database = await Cluster.CreateDatabaseAsync() };
        await using var process = LandfallProcess.Start(landing.Command);
        await process.WaitForAsync(duration / 2, Cancellation);
        await Cluster.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
        await Cluster.ResumeAsync();

        var ended = await process.WaitAsync(Cancellation);
        if (ended.ExitCode != 0)
        {
            // It was not in its run yet, or no more: one message, and the same command again goes on.
            Assert.True(ended.ExitCode == 8, ended.ToString());
            Assert.Single(ended.Error.Split('\n'), l => l.StartsWith("error: ", StringComparison.Ordinal));
            await landing.CompleteAsync(Cancellation);
        }

        Assert.Equal(expected, landing.Report);
        AssertNoPassword(ended);
    }

    [Fact]
    public async Task Land_DatabaseIsDownOrRefuses_SaysSoOnceAndEndsWithServerTrouble()
    {
        var address = await Cluster.CreateDatabaseAsync();
        using var landing = new Landing();
        await AssertTroubleAsync(address.Replace(PostgresCluster.User + ":", "nobody:", StringComparison.Ordinal), "password authentication failed");
        await AssertTroubleAsync(address + "_none", "does not exist");
        await Cluster.StopAsync();
        await AssertTroubleAsync(address, "The database cannot be reached");

        async Task AssertTroubleAsync(string database, string expected)
        {
            landing.Database = database;
            var ended = await LandfallProcess.RunAsync(landing.Command, Cancellation);
            Assert.True(ended.ExitCode == 8, ended.ToString());
            Assert.Contains(expected, Assert.Single(ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            AssertNoPassword(ended);
        }
    }

    [Fact]
    public async Task Serve_AnotherDataFolderOnTheSameDatabase_IsRefusedOrTakesOver()
    {
        using var landing = new Landing { Database = await Cluster.CreateDatabaseAsync() };
        var first = await LandfallProcess.ServeAsync(landing.Data, Cancellation, ["--database", landing.Database]);
        await using var holder = first.Process;

        var refused = await LandfallProcess.RunAsync(["serve", "--urls", "http://127.0.0.1:0", "--data", landing.Data + "2", "--database", landing.Database], Cancellation);
        Assert.True(refused.ExitCode == 8, refused.ToString());
        Assert.Contains("Another server holds the PostgreSQL database", refused.Error, StringComparison.Ordinal);

        var second = await LandfallProcess.ServeAsync(landing.Data + "2", Cancellation, ["--take-over", "--database", landing.Database]);
        await using var successor = second.Process;
        Assert.Equal(first.Info.Epoch + 1, second.Info.Epoch);
        Assert.Equal(8, (await holder.WaitAsync(Cancellation)).ExitCode);
    }

    private static void AssertNoPassword(CommandResult ended)
    {
        Assert.DoesNotContain(PostgresCluster.Password, ended.Output + ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Uri.EscapeDataString(PostgresCluster.Password), ended.Output + ended.Error, StringComparison.Ordinal);
    }
}
