using System.Runtime.CompilerServices;
using Landfall.Inference.Tokenizers;
using Landfall.Platform.Gateway.Local;
using Landfall.Platform.Models;
using Landfall.Platform.Storage;
using Landfall.Protocol.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Landfall.Platform.Tests.Gateway;

/// <summary>A model that answers as it is told, behind the code that turns requests and answers into OpenAI's form.</summary>
internal sealed class ScriptedModel : ILoadedModel, IModelLoader, IChatClient, IEmbeddingGenerator<string, Embedding<float>>, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("landfall-scripted-").FullName;
    private readonly ModelHost _host;

    public ScriptedModel()
    {
        var blobs = new BlobStore(Path.Combine(_folder, "blobs"));
        var hash = blobs.WriteAsync("weights"u8.ToArray(), CancellationToken.None).GetAwaiter().GetResult();
        Summary = new ModelSummary
        {
            Name = "tiny",
            Hash = hash,
            Format = ModelFormat.Gguf,
            Use = ModelUse.Chat,
            Family = "llama",
            Parameters = 1,
            ContextLength = 128,
            VocabularySize = 100,
            Layers = 1,
            HiddenSize = 2,
            CacheBytesPerToken = 0,
            HasChatTemplate = true,
            Types = [],
            Files = [new ModelFile(ModelContent.GgufName, hash, 7)],
            Bytes = 7,
            Metadata = new Dictionary<string, string>(),
            Lineage = new ModelLineage { Made = "imported", Landfall = "1" },
            CreatedBy = "test",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        _host = new ModelHost(new ModelContent(blobs, Path.Combine(_folder, "models")), this, new ModelHostOptions(), TimeProvider.System, NullLogger<ModelHost>.Instance);
        Completions = new LocalCompletions(_host, TimeProvider.System);
        EmbeddingsOf = new LocalEmbeddings(_host);
    }

    public ModelSummary Summary { get; }

    public ResolvedModel Named => new(Summary, Adapter: null);

    public LocalCompletions Completions { get; }

    public LocalEmbeddings EmbeddingsOf { get; }

    /// <summary>What it was asked last.</summary>
    public (IReadOnlyList<ChatMessage> Messages, ChatOptions? Options) Asked { get; private set; }

    /// <summary>What it answers.</summary>
    public IReadOnlyList<ChatResponseUpdate> Script { get; set; } = [Text("Hel"), Text("lo"), End(ChatFinishReason.Stop)];

    /// <summary>Thrown before the update of this number.</summary>
    public (int At, Exception Error)? Failure { get; set; }

    /// <summary>Answers that are being written.</summary>
    public int Running { get; private set; }

    public IChatClient Chat => this;

    public IEmbeddingGenerator<string, Embedding<float>> Embeddings => this;

    public TokenVocabulary Vocabulary { get; } = new([.. Enumerable.Range(0, 100).Select(i => new[] { (byte)i })], new bool[100], [.. Enumerable.Range(0, 100).Select(i => $"t{i}")]);

    public static ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text);

    public static ChatResponseUpdate End(ChatFinishReason reason) =>
        new() { FinishReason = reason, Contents = [new UsageContent(new UsageDetails { InputTokenCount = 5, OutputTokenCount = 2, CachedInputTokenCount = 3 })] };

    public ILoadedModel Load(string path, ModelSummary model) => this;

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Asked = ([.. messages], options);
        Running++;
        try
        {
            for (var i = 0; i < Script.Count; i++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                if (Failure is { } failure && failure.At == i)
                {
                    throw failure.Error;
                }

                yield return Script[i];
            }
        }
        finally
        {
            Running--;
        }
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(new[] { v.Length, -0.5f }))) { Usage = new UsageDetails { InputTokenCount = 7 } });

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public Task<LoadedAdapter> AdaptAsync(string path, string hash, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ModelTiming> MeasureAsync(int promptTokens, int answerTokens, CancellationToken cancellation) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Removes its files.</summary>
    public void Clean() => Directory.Delete(_folder, recursive: true);
}
