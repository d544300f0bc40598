using System.Collections.Concurrent;
using Landfall.Inference;
using Landfall.Inference.Tokenizers;
using Landfall.Platform.Models;
using Landfall.Platform.Storage;
using Landfall.Protocol.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Landfall.Platform.Tests.Models;

public sealed class ModelHostTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-host-").FullName;
    private readonly FakeLoader _loader = new();
    private readonly FakeTimeProvider _clock = new();
    private BlobStore _blobs = null!;
    private ModelContent _content = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _blobs = new BlobStore(Path.Combine(_folder, "blobs"));
        _content = new ModelContent(_blobs, Path.Combine(_folder, "models"));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task OpenAsync_ByManyAtOnce_LoadsOnce()
    {
        await using var host = Host(new ModelHostOptions());
        var model = await ModelAsync("a", 100);
        var leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => host.OpenAsync(model, Cancellation))));
        Assert.Single(leases.Select(l => l.Model).Distinct());
        Assert.Equal(["a"], _loader.Loaded);
        Assert.True(host.IsLoaded(model));
    }

    [Fact]
    public async Task OpenAsync_WithoutRoom_LetsTheLeastRecentlyUsedGo()
    {
        await using var host = Host(new ModelHostOptions { MemoryBytes = 250 });
        var (a, b, c) = (await ModelAsync("a", 100), await ModelAsync("b", 100), await ModelAsync("c", 100));
        await UseAsync(host, a);
        await UseAsync(host, b);
        await UseAsync(host, a);
        await UseAsync(host, c);
        Assert.Equal((true, false, true), (host.IsLoaded(a), host.IsLoaded(b), host.IsLoaded(c)));
        await _loader.EndedAsync("b");
    }

    [Fact]
    public async Task OpenAsync_WhileAllAnswer_WaitsForOneToBeIdle()
    {
        await using var host = Host(new ModelHostOptions { MaxModels = 1 });
        var (a, b) = (await ModelAsync("a", 100), await ModelAsync("b", 100));
        var lease = await host.OpenAsync(a, Cancellation);
        var waiting = host.OpenAsync(b, Cancellation);
        Assert.False(waiting.IsCompleted);
        Assert.True(host.IsLoaded(a));

        lease.Dispose();
        using var other = await waiting;
        Assert.False(host.IsLoaded(a));
    }

    [Fact]
    public async Task OpenAsync_WhileAllAnswerForLong_SaysSo()
    {
        await using var host = Host(new ModelHostOptions { MaxModels = 1 });
        using var lease = await host.OpenAsync(await ModelAsync("a", 100), Cancellation);
        var waiting = host.OpenAsync(await ModelAsync("b", 100), Cancellation);
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.True((await Assert.ThrowsAsync<ModelMemoryException>(() => waiting)).MayPass);
    }

    [Fact]
    public async Task OpenAsync_LargerThanAllRoom_SaysWhatIsNeeded()
    {
        await using var host = Host(new ModelHostOptions { MemoryBytes = 99_000_000 });
        var refused = await Assert.ThrowsAsync<ModelMemoryException>(async () => await host.OpenAsync(await ModelAsync("a", 100_000_000), Cancellation));
        Assert.False(refused.MayPass);
        Assert.Contains("needs 100.0 MB", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_loader.Loaded);
    }

    [Fact]
    public async Task OpenAsync_AfterALoadThatFailed_TriesAgain()
    {
        await using var host = Host(new ModelHostOptions());
        var model = await ModelAsync("a", 100);
        _loader.Failure = new ModelFormatException("a", "is damaged.");
        await Assert.ThrowsAsync<ModelFormatException>(() => host.OpenAsync(model, Cancellation));
        _loader.Failure = null;
        using var lease = await host.OpenAsync(model, Cancellation);
        Assert.Equal(["a", "a"], _loader.Loaded);
    }

    [Fact]
    public async Task Forget_WhileItAnswers_EndsItAfterwards()
    {
        await using var host = Host(new ModelHostOptions());
        var model = await ModelAsync("a", 100);
        var lease = await host.OpenAsync(model, Cancellation);
        host.Forget(model);
        Assert.False(((FakeModel)lease.Model).Ended.Task.IsCompleted);
        lease.Dispose();
        await _loader.EndedAsync("a");
    }

    [Fact]
    public void MemoryOf_AModel_CountsNoMoreContextThanItsAnswersNeed()
    {
        var options = new ModelHostOptions { ContextLength = 1000, CacheBytes = 1_000_000, MaxAnswers = 4 };
        var model = Summary("a", 500, "") with { ContextLength = 4000, CacheBytesPerToken = 100 };
        Assert.Equal((500L, 400_000L), (options.MemoryOf(model).WeightBytes, options.MemoryOf(model).ContextBytes));
        Assert.Equal(100_000, (options with { CacheBytes = 1 }).MemoryOf(model).ContextBytes);
    }

    private async Task<ModelSummary> ModelAsync(string name, long bytes)
    {
        var hash = await _blobs.WriteAsync(System.Text.Encoding.UTF8.GetBytes(name), Cancellation);
        return Summary(name, bytes, hash);
    }

    private static ModelSummary Summary(string name, long bytes, string sha256) => new()
    {
        Name = name,
        Hash = name,
        Format = ModelFormat.Gguf,
        Use = ModelUse.Chat,
        Family = "llama",
        Parameters = 1,
        ContextLength = 100,
        VocabularySize = 10,
        Layers = 1,
        HiddenSize = 8,
        CacheBytesPerToken = 0,
        HasChatTemplate = false,
        Types = [new TensorTypeUse("F32", 1, bytes)],
        Files = [new ModelFile("model.gguf", sha256, bytes)],
        Bytes = bytes,
        Metadata = new Dictionary<string, string>(),
        Lineage = new ModelLineage { Made = "imported", Landfall = "1" },
        CreatedBy = "test",
        CreatedAt = default,
    };

    private async Task UseAsync(ModelHost host, ModelSummary model)
    {
        (await host.OpenAsync(model, Cancellation)).Dispose();
        _clock.Advance(TimeSpan.FromSeconds(1));
    }

    private ModelHost Host(ModelHostOptions options) => new(_content, _loader, options, _clock, NullLogger<ModelHost>.Instance);

    private sealed class FakeLoader : IModelLoader
    {
        private readonly ConcurrentDictionary<string, FakeModel> _models = new();

        public ConcurrentQueue<string> Loaded { get; } = new();

        public Exception? Failure { get; set; }

        public ILoadedModel Load(string path, ModelSummary model)
        {
            Loaded.Enqueue(model.Name);
            return Failure is null ? _models[model.Name] = new FakeModel() : throw Failure;
        }

        public Task EndedAsync(string name) => _models[name].Ended.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    private sealed class FakeModel : ILoadedModel
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IChatClient Chat => throw new NotSupportedException();

        public IEmbeddingGenerator<string, Embedding<float>> Embeddings => throw new NotSupportedException();

        public TokenVocabulary Vocabulary => throw new NotSupportedException();

        public Task<LoadedAdapter> AdaptAsync(string path, string hash, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<ModelTiming> MeasureAsync(int promptTokens, int answerTokens, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            Ended.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
