using Landfall.Inference;
using Landfall.Inference.Formats;
using Landfall.Inference.Models;
using Landfall.Platform.Models;

namespace Landfall.Platform.Tests.Models;

public sealed class LoadedAdaptersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-adapters-").FullName;
    private readonly ModelConfig _config;

    public LoadedAdaptersTests()
    {
        using var files = ModelFiles.Open(ModelsServer.Fixture("tiny"));
        _config = files.Config;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task GetAsync_ByManyAtOnce_ReadsOnce()
    {
        var adapters = new LoadedAdapters(_config, capacity: 0);
        var path = AdapterFiles.Write("lora", _folder, _config);
        var found = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => adapters.GetAsync(path, "a", Cancellation))));
        Assert.Single(found.Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task GetAsync_MoreThanHaveRoom_LetsTheLeastRecentlyUsedGo()
    {
        var path = AdapterFiles.Write("lora", _folder, _config);
        var one = (await new LoadedAdapters(_config, capacity: 0).GetAsync(path, "a", Cancellation)).Bytes;
        var adapters = new LoadedAdapters(_config, capacity: 2 * one);
        foreach (var hash in new[] { "a", "b", "a", "c" })
        {
            await adapters.GetAsync(path, hash, Cancellation);
        }

        Assert.Equal(["a", "c"], adapters.Kept.Order());
    }

    [Fact]
    public async Task GetAsync_AfterOneThatFailed_TriesAgain()
    {
        var adapters = new LoadedAdapters(_config, capacity: 0);
        await Assert.ThrowsAnyAsync<InferenceException>(() => adapters.GetAsync(_folder, "a", Cancellation));
        AdapterFiles.Write("prefix", _folder, _config);
        Assert.NotNull((await adapters.GetAsync(_folder, "a", Cancellation)).Prefix);
    }
}
