using Landfall.Platform.Datasets;
using Landfall.Platform.Storage;
using Landfall.Protocol.Datasets;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Storage.Stores;

public sealed class SqliteDatasetStoreTests() : DatasetStoreTests(TestDatabase.Sqlite);

public sealed class PostgresDatasetStoreTests() : DatasetStoreTests(TestDatabase.Postgres);

public abstract class DatasetStoreTests(TestDatabase kind) : StoreTests(kind)
{
    private IDatasetStore Datasets => Get<IDatasetStore>();

    [Fact]
    public async Task AddAsync_TheSameAtOnce_IsThereOnce()
    {
        await AtOnceAsync(() => Datasets.AddAsync(Dataset("v1", 1), Cancellation));

        Assert.Equal(Dataset("v1", 1), Assert.Single(await Datasets.ListAsync(Cancellation)));
        Assert.Equal(Dataset("v1", 1), await Datasets.FindAsync("v1", Cancellation));
        Assert.Null(await Datasets.FindAsync("V1", Cancellation));
    }

    [Fact]
    public async Task ListAsync_SeveralVersions_AreNewestFirst()
    {
        await Datasets.AddAsync(Dataset("v1", 2), Cancellation);
        await Datasets.AddAsync(Dataset("v2", 3), Cancellation);
        await Datasets.AddAsync(Dataset("v3", 1), Cancellation);

        Assert.Equal(["v2", "v1", "v3"], (await Datasets.ListAsync(Cancellation)).Select(d => d.Version));
    }

    [Fact]
    public async Task AddAsync_ReplacedServer_ChangesNothing()
    {
        await SucceedAsync();
        await Assert.ThrowsAsync<FencedException>(() => Datasets.AddAsync(Dataset("v1", 1), Cancellation));
        Assert.Empty(await Datasets.ListAsync(Cancellation));
    }

    protected override IServiceCollection AddStores(IServiceCollection services) => services.AddDatasets();

    private static DatasetSummary Dataset(string version, int day) => new()
    {
        Name = "helpdesk/訓練",
        Version = version,
        Rows = long.MaxValue,
        SourceSha256 = "source",
        Format = "csv",
        CreatedAt = new DateTimeOffset(2026, 1, day, 1, 2, 3, 4, TimeSpan.Zero),
    };
}
