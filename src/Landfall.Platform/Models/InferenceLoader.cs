using Landfall.Inference;
using Landfall.Inference.Chat;
using Landfall.Inference.Kernels;
using Landfall.Inference.Sampling;
using Landfall.Inference.Serving;
using Landfall.Inference.Tokenizers;
using Landfall.Protocol.Models;
using Microsoft.Extensions.AI;

namespace Landfall.Platform.Models;

/// <summary>Loads models with Landfall's own inference engine.</summary>
internal sealed class InferenceLoader(ModelHostOptions options, TimeProvider time) : IModelLoader
{
    public ILoadedModel Load(string path, ModelSummary model)
    {
        var opened = LanguageModel.Open(path);
        try
        {
            return opened.IsDecoder
                ? new LoadedDecoder(opened, model, options, time)
                : new LoadedEncoder(opened, model, options);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>A decoder: one engine for all requests.</summary>
    private sealed class LoadedDecoder : ILoadedModel
    {
        /// <summary>A bias that forbids a token.</summary>
        private const float Never = -1000;

        /// <summary>Adapters are small beside their base; a few dozen of them have room here.</summary>
        private const long AdapterBytes = 256L << 20;

        private readonly LanguageModel _model;
        private readonly InferenceEngine _engine;
        private readonly LocalEmbeddingGenerator _embeddings;
        private readonly LoadedAdapters _adapters;
        private int _measured;

        public LoadedDecoder(LanguageModel model, ModelSummary summary, ModelHostOptions options, TimeProvider time)
        {
            _model = model;
            _adapters = new LoadedAdapters(model.Config, AdapterBytes);
            _engine = new InferenceEngine(
                model,
                new EngineOptions
                {
                    Threads = options.Threads,
                    MaxSequences = options.MaxAnswers,
                    MaxWaiting = options.QueueLength,
                    ContextLength = options.ContextOf(summary),
                    CacheBytes = options.CacheOf(summary),
                },
                time: time);
            Chat = new LocalChatClient(_engine, summary.Name);
            _embeddings = new LocalEmbeddingGenerator(_engine, name: summary.Name);
        }

        public IChatClient Chat { get; }

        public IEmbeddingGenerator<string, Embedding<float>> Embeddings => _embeddings;

        public TokenVocabulary Vocabulary => _model.Tokenizer.Vocabulary;

        public Task<LoadedAdapter> AdaptAsync(string path, string hash, CancellationToken cancellation) => _adapters.GetAsync(path, hash, cancellation);

        public async Task<ModelTiming> MeasureAsync(int promptTokens, int answerTokens, CancellationToken cancellation)
        {
            // Other tokens each time: what an earlier prompt computed must not be found again.
            var random = new Random(Interlocked.Increment(ref _measured));
            var request = new GenerationRequest
            {
                Prompt = [.. Enumerable.Range(0, promptTokens).Select(_ => random.Next(Vocabulary.Count))],
                MaxTokens = answerTokens,
                Sampling = new SamplingOptions { LogitBias = _model.EndTokens.ToDictionary(t => t, _ => Never) },
                Owner = "bench",
            };
            GenerationEnd? end = null;
            await foreach (var token in _engine.GenerateAsync(request, cancellation).ConfigureAwait(false))
            {
                end = token.End ?? end;
            }

            return new ModelTiming(end!.PromptTokens, end.PromptTime.TotalSeconds, end.CompletionTokens, end.CompletionTime.TotalSeconds);
        }

        public async ValueTask DisposeAsync()
        {
            await _engine.DisposeAsync().ConfigureAwait(false);
            _embeddings.Dispose();
            _model.Dispose();
        }
    }

    /// <summary>An encoder: it makes embeddings.</summary>
    private sealed class LoadedEncoder(LanguageModel model, ModelSummary summary, ModelHostOptions options) : ILoadedModel
    {
        private readonly ComputePool _pool = new(options.Threads);
        private LocalEmbeddingGenerator? _embeddings;

        public IChatClient Chat => throw new InferenceException($"The model '{summary.Name}' makes embeddings and writes no text.");

        public IEmbeddingGenerator<string, Embedding<float>> Embeddings => LazyInitializer.EnsureInitialized(ref _embeddings, () => new LocalEmbeddingGenerator(model, _pool, name: summary.Name));

        public TokenVocabulary Vocabulary => model.Tokenizer.Vocabulary;

        public Task<LoadedAdapter> AdaptAsync(string path, string hash, CancellationToken cancellation) =>
            throw new InferenceException($"The model '{summary.Name}' is an encoder, and adapters are for decoders.");

        public Task<ModelTiming> MeasureAsync(int promptTokens, int answerTokens, CancellationToken cancellation) =>
            throw new InferenceException($"The model '{summary.Name}' makes embeddings and writes no text.");

        public ValueTask DisposeAsync()
        {
            _embeddings?.Dispose();
            _pool.Dispose();
            model.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
