using Landfall.Platform.Models;
using Landfall.Platform.Runs;
using Landfall.Platform.Storage;
using Landfall.Protocol.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Landfall.Platform.Tests.Storage.Stores;

public sealed class SqliteModelStoreTests() : ModelStoreTests(TestDatabase.Sqlite);

public sealed class PostgresModelStoreTests() : ModelStoreTests(TestDatabase.Postgres);

public abstract class ModelStoreTests(TestDatabase kind) : StoreTests(kind)
{
    private ModelStore Models => Get<ModelStore>();

    [Fact]
    public async Task AddAsync_TheSameAtOnce_IsThereOnce()
    {
        var model = await ModelAsync("a", "weights");
        var added = await AtOnceAsync(() => Models.AddAsync(model, Cancellation));
        Assert.All(added, m => Assert.Equal(model.Hash, m.Hash));
        Assert.Equal("a", Assert.Single(await Models.ListAsync(Cancellation)).Name);
        Assert.Equal("a", Assert.Single(Models.List()).Name);
    }

    [Fact]
    public async Task AddAsync_NameOfOtherContent_IsRefused()
    {
        await Models.AddAsync(await ModelAsync("a", "weights"), Cancellation);
        var other = await ModelAsync("a", "other weights");
        Assert.Contains("'a' already", (await Assert.ThrowsAsync<RunFailedException>(() => Models.AddAsync(other, Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_WithoutItsFiles_IsRefused()
    {
        var model = await ModelAsync("a", "weights");
        Get<BlobStore>().Remove(model.Files[0].Sha256);
        await Assert.ThrowsAsync<RunFailedException>(() => Models.AddAsync(model, Cancellation));
        Assert.Empty(await Models.ListAsync(Cancellation));
    }

    [Fact]
    public async Task RemoveAsync_AndAddAtOnce_NeverLeavesAModelWithoutItsFiles()
    {
        var model = await ModelAsync("a", "weights");
        for (var i = 0; i < 5; i++)
        {
            await ModelAsync("a", "weights");
            await Models.AddAsync(model, Cancellation);
            var again = model with { Name = "b" };
            var adding = Task.Run(async () => { try { await Models.AddAsync(again, Cancellation); } catch (RunFailedException) { } });
            await Task.WhenAll(adding, Task.Run(() => Models.RemoveAsync("a", Cancellation)));
            Assert.All(await Models.ListAsync(Cancellation), m => Assert.True(Get<ModelContent>().IsWhole(m.Files)));
            await Models.RemoveAsync("b", Cancellation);
        }
    }

    [Fact]
    public async Task AddAsync_ReplacedServer_ChangesNothing()
    {
        var model = await ModelAsync("a", "weights");
        await SucceedAsync();
        await Assert.ThrowsAsync<FencedException>(() => Models.AddAsync(model, Cancellation));
        Assert.Empty(await Models.ListAsync(Cancellation));
    }

    protected override IServiceCollection AddStores(IServiceCollection services) => services.AddModels(Folder);

    private async Task<ModelSummary> ModelAsync(string name, string content)
    {
        var hash = await Get<BlobStore>().WriteAsync(System.Text.Encoding.UTF8.GetBytes(content), Cancellation);
        var files = new[] { new ModelFile(ModelContent.GgufName, hash, content.Length) };
        return new ModelSummary
        {
            Name = name,
            Hash = ModelContent.HashOf(files),
            Format = ModelFormat.Gguf,
            Use = ModelUse.Chat,
            Family = "llama",
            Parameters = long.MaxValue,
            ContextLength = 1,
            VocabularySize = 1,
            Layers = 1,
            HiddenSize = 1,
            CacheBytesPerToken = 1,
            HasChatTemplate = true,
            Types = [],
            Files = files,
            Bytes = content.Length,
            Metadata = new Dictionary<string, string> { ["general.name"] = "訓練" },
            Lineage = new ModelLineage { Made = "imported", Landfall = "1" },
            CreatedBy = "test",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
    }
}
