using System.Numerics.Tensors;
using Landfall.Inference.Kernels;
using Landfall.Inference.Models;
using Landfall.Inference.Serving;
using Microsoft.Extensions.AI;

namespace Landfall.Inference.Chat;

/// <summary>
/// A local model as an embedding generator: a BERT-style encoder, or a decoder on an engine. Vectors have length 1. Safe for
/// use by many threads.
/// </summary>
public sealed class LocalEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Tokens that an encoder reads at once: enough to use the processor, little enough to keep memory small.</summary>
    private const int BatchTokens = 4096;

    private readonly LanguageModel _model;
    private readonly InferenceEngine? _engine;
    private readonly Encoder? _encoder;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly Pooling _pooling;

    /// <param name="model">An encoder.</param>
    /// <param name="pool">Shares the work.</param>
    /// <param name="pooling">How hidden states become one vector; null: as the model says, or the mean.</param>
    /// <param name="name">The model's name in answers; null: its file's.</param>
    public LocalEmbeddingGenerator(LanguageModel model, ComputePool pool, Pooling? pooling = null, string? name = null)
        : this(model, pooling, Pooling.Mean, name) => _encoder = new Encoder(model.Config, model.Encoder, pool);

    /// <param name="engine">What runs a decoder; it is not disposed of with the generator.</param>
    /// <param name="pooling">How hidden states become one vector; null: as the model says, or the last token's.</param>
    /// <param name="name">The model's name in answers; null: its file's.</param>
    public LocalEmbeddingGenerator(InferenceEngine engine, Pooling? pooling = null, string? name = null)
        : this(engine.Model, pooling, Pooling.LastToken, name) => _engine = engine;

    private LocalEmbeddingGenerator(LanguageModel model, Pooling? pooling, Pooling usual, string? name)
    {
        _model = model;
        _pooling = pooling ?? model.Config.Pooling ?? usual;
        _metadata = new EmbeddingGeneratorMetadata("landfall", providerUri: null, name ?? Path.GetFileNameWithoutExtension(model.Path), model.Config.HiddenSize);
    }

    /// <summary>One vector for each text.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">A <see cref="LocalEmbeddingOptions"/> can name an adapter.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="PromptTooLongException">A text does not fit the model.</exception>
    /// <exception cref="InferenceException">The options ask for what cannot be; its message says what.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.Dimensions is { } dimensions && dimensions != _model.Config.HiddenSize)
        {
            throw new InferenceException($"Vectors of {dimensions} values are asked for; the model makes {_model.Config.HiddenSize}. Leave the number out.");
        }

        var local = options as LocalEmbeddingOptions ?? new LocalEmbeddingOptions();
        if (_engine is null && local.Lora is not null)
        {
            throw new InferenceException("An adapter is given, and the model is an encoder. Adapters are for decoders.");
        }

        var texts = values.Select(v => _model.Tokenizer.Encode(v, addSpecial: true)).ToList();
        var vectors = _engine is not null
            ? await EmbedAsync(_engine, texts, local, cancellationToken).ConfigureAwait(false)
            : await EncodeAsync(texts, cancellationToken).ConfigureAwait(false);
        var tokens = texts.Sum(t => t.Length);
        return new GeneratedEmbeddings<Embedding<float>>(vectors.Select(v => new Embedding<float>(v) { ModelId = _metadata.DefaultModelId }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    /// <summary>The model, the engine, or what describes this generator.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType == typeof(InferenceEngine) ? _engine
        : serviceType == typeof(LanguageModel) ? _model
        : serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Lets its own memory go; model and engine belong to whoever made them.</summary>
    public void Dispose() => _turn.Dispose();

    /// <summary>As many at a time as the engine answers at once: more would only wait there, in the way of others.</summary>
    private async Task<float[][]> EmbedAsync(InferenceEngine engine, List<int[]> texts, LocalEmbeddingOptions options, CancellationToken cancellation)
    {
        List<float[]> vectors = [];
        foreach (var chunk in texts.Chunk(engine.Options.MaxSequences))
        {
            using var together = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                vectors.AddRange(await Task.WhenAll(chunk.Select(t => engine.EmbedAsync(new EmbeddingRequest { Tokens = t, Pooling = _pooling, Lora = options.Lora, Owner = options.Owner }, together.Token))).ConfigureAwait(false));
            }
            finally
            {
                // One that failed ends the others of its chunk.
                await together.CancelAsync().ConfigureAwait(false);
            }
        }

        return [.. vectors];
    }

    private async Task<float[][]> EncodeAsync(List<int[]> texts, CancellationToken cancellation)
    {
        if (texts.Find(t => t.Length > _model.Config.ContextLength) is { } longer)
        {
            throw new PromptTooLongException(longer.Length, _model.Config.ContextLength);
        }

        var vectors = new float[texts.Count][];
        for (var first = 0; first < texts.Count;)
        {
            var (next, tokens) = (first, 0);
            while (next < texts.Count && (next == first || tokens + texts[next].Length <= BatchTokens))
            {
                tokens += texts[next++].Length;
            }

            await _turn.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                var batch = texts.GetRange(first, next - first);
                var states = await Task.Run(() => _encoder!.Forward(batch), cancellation).ConfigureAwait(false);
                Pool(batch, states, vectors.AsSpan(first));
            }
            finally
            {
                _turn.Release();
            }

            first = next;
        }

        return vectors;
    }

    private void Pool(List<int[]> texts, float[] states, Span<float[]> vectors)
    {
        var hidden = _model.Config.HiddenSize;
        var row = 0;
        for (var index = 0; index < texts.Count; index++)
        {
            var count = texts[index].Length;
            var vector = new float[hidden];
            var (from, to) = _pooling switch
            {
                Pooling.Mean => (row, row + count),
                Pooling.LastToken => (row + count - 1, row + count),
                _ => (row, row + 1),
            };
            for (; from < to; from++)
            {
                TensorPrimitives.Add(vector, states.AsSpan(from * hidden, hidden), vector);
            }

            TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
            vectors[index] = vector;
            row += count;
        }
    }
}
