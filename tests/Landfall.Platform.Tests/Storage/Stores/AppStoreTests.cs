using Landfall.Platform.Apps;
using Landfall.Platform.Briefs;
using Landfall.Platform.Releases;
using Landfall.Platform.Storage;
using Landfall.Protocol.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Storage.Stores;

public sealed class SqliteAppStoreTests() : AppStoreTests(TestDatabase.Sqlite);

public sealed class PostgresAppStoreTests() : AppStoreTests(TestDatabase.Postgres);

/// <summary>Apps and their releases, which are in one table.</summary>
public abstract class AppStoreTests(TestDatabase kind) : StoreTests(kind)
{
    private static readonly LiveRelease Release = new(
        new ReleaseReport("model", "nearest", "nearest", "hash", MeetsTargets: true), new OutOfScope("other", "Sorry, 我不知道 🙂", ["a\nb"]), "report");

    private AppStore Apps => Get<AppStore>();

    private ReleaseStore Releases => Get<ReleaseStore>();

    [Fact]
    public async Task ClaimAsync_SeveralOriginsAtOnce_OneGetsTheName()
    {
        var number = 0;
        var owners = await AtOnceAsync(() => Apps.ClaimAsync("app", $"origin-{Interlocked.Increment(ref number)}", "scenario", "brief", Cancellation));

        Assert.Equal((await Apps.FindAsync("app", Cancellation))!.Origin, Assert.Single(owners.Distinct()));
    }

    [Fact]
    public async Task ListAsync_NamesOfAllKinds_AreInTheOrderOfTheirBytes()
    {
        string[] names = ["b", "a-b", "a_b", "A", "ab", "a", "é", "落地", "B", "a b", "1"];
        foreach (var name in names)
        {
            await Apps.ClaimAsync(name, "origin", "scenario", "brief", Cancellation);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), (await Apps.ListAsync(Cancellation)).Select(a => a.Name));
    }

    [Fact]
    public async Task SetReportAsync_AppIsThere_ChangesIt()
    {
        await Apps.ClaimAsync("app", "origin", "scenario", "brief", Cancellation);
        await Apps.SetReportAsync("app", "other", "another", "new: 'brief'\r\n", "sha", Cancellation);

        var app = (await Apps.FindAsync("app", Cancellation))!;
        Assert.Equal(("other", "another", "new: 'brief'\r\n", "sha"), (app.Origin, app.Scenario, app.Brief, app.ReportSha256));
        Assert.Null(await Apps.FindAsync("App", Cancellation));
    }

    [Fact]
    public async Task SetAsync_Release_ComesBack()
    {
        await Apps.ClaimAsync("app", "origin", "scenario", "brief", Cancellation);
        Assert.Null(await Releases.FindAsync("app", Cancellation));
        Assert.Empty(await Releases.ListAsync(Cancellation));

        await Releases.SetAsync("app", Release, Cancellation);

        Assert.Equivalent(Release, await Releases.FindAsync("app", Cancellation), strict: true);
        Assert.Equivalent(Release, Assert.Single(await Releases.ListAsync(Cancellation)).Release, strict: true);
    }

    [Fact]
    public async Task Writes_OfAReplacedServer_ChangeNothing()
    {
        await Apps.ClaimAsync("app", "origin", "scenario", "brief", Cancellation);
        await SucceedAsync();

        await Assert.ThrowsAsync<FencedException>(() => Apps.ClaimAsync("another", "origin", "scenario", "brief", Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => Apps.SetReportAsync("app", "x", "x", "x", "x", Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => Releases.SetAsync("app", Release, Cancellation));

        Assert.Equal(("origin", (string?)null), (Assert.Single(await Apps.ListAsync(Cancellation)).Origin, (await Apps.FindAsync("app", Cancellation))!.ReleaseJson));
    }

    protected override IServiceCollection AddStores(IServiceCollection services) => services.AddApps().AddReleases();
}
