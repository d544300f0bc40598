using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Kernels;
using Landfall.Inference.Models;

namespace Landfall.Inference.Serving;

/// <summary>
/// Runs one model for many requests at once. A thread of its own takes steps: each step computes one token for every
/// answer that is being written, and as much of waiting prompts as fits (continuous batching, Orca, OSDI 2022; prompts in
/// parts, Sarathi, arXiv 2308.16369). It sleeps when there is nothing to do. Safe for use by many threads.
/// </summary>
public sealed class InferenceEngine : IAsyncDisposable
{
    private readonly ConcurrentQueue<Sequence> _arrived = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ComputePool _pool;
    private readonly bool _ownsPool;
    private readonly KeyValueCache _cache;
    private readonly Transformer _transformer;
    private readonly Scheduler _scheduler;
    private readonly TimeProvider _time;
    private int _waiting;
    private volatile bool _stops;

    /// <summary>Begins to serve a model.</summary>
    /// <param name="model">A decoder; it must outlive the engine.</param>
    /// <param name="options">How much it may use.</param>
    /// <param name="pool">Threads to share with other engines; null: its own.</param>
    /// <param name="time">Measures how long answers take.</param>
    /// <exception cref="ArgumentException">Options are out of range; all of them are named.</exception>
    public InferenceEngine(LanguageModel model, EngineOptions? options = null, ComputePool? pool = null, TimeProvider? time = null)
    {
        Options = options ?? new EngineOptions();
        if (Options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        var weights = model.Decoder;
        Model = model;
        ContextLength = Math.Min(Options.ContextLength ?? model.Config.ContextLength, model.Config.ContextLength);
        _time = time ?? TimeProvider.System;
        _ownsPool = pool is null;
        _pool = pool ?? new ComputePool(Options.Threads);
        var pageBytes = KeyValueCache.PageBytesOf(model.Config, Options.CacheType);
        var pages = Math.Max(Options.CacheBytes / pageBytes, (ContextLength + KeyValueCache.PageLength - 1) / KeyValueCache.PageLength);
        _cache = new KeyValueCache(model.Config, checked((int)Math.Min(pages, int.MaxValue)), Options.CacheType);
        _transformer = new Transformer(model.Config, weights, _cache.Layout, _pool);
        _scheduler = new Scheduler(model, _transformer, _cache, Options, _time);
        new Thread(Serve) { IsBackground = true, Name = "Landfall inference" }.Start();
    }

    /// <summary>The model that it runs.</summary>
    public LanguageModel Model { get; }

    /// <summary>How much it may use.</summary>
    public EngineOptions Options { get; }

    /// <summary>Most tokens of a prompt with its answer.</summary>
    public int ContextLength { get; }

    /// <summary>Requests that are waiting or being computed.</summary>
    public int Requests => Volatile.Read(ref _waiting);

    /// <summary>Writes an answer, token by token. It ends early when the token is cancelled or the reader stops reading.</summary>
    /// <exception cref="PromptTooLongException">The prompt does not fit the context.</exception>
    /// <exception cref="EngineBusyException">Too many requests wait.</exception>
    /// <exception cref="InferenceException">The request asks for what cannot be; its message says what.</exception>
    public IAsyncEnumerable<GeneratedToken> GenerateAsync(GenerationRequest request, CancellationToken cancellation = default)
    {
        // Checked at the call, not at the first reading: a gateway answers with an error's status before it streams.
        Check(request.Prompt, request.Prefix?.VirtualTokens ?? 0, room: 1);
        if (request.MaxTokens < 1)
        {
            throw new InferenceException($"The answer may have {request.MaxTokens} tokens; it takes at least 1.");
        }

        if (request.TopLogProbabilities is < 0 or > 20)
        {
            throw new InferenceException($"{request.TopLogProbabilities} likeliest tokens are asked for; 0 to 20 can be.");
        }

        CheckAdapters(request.Lora, request.Prefix);
        if (request.Stop.Any(string.IsNullOrEmpty))
        {
            throw new InferenceException("A stop text is empty. Leave it out, or give at least one character.");
        }

        var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var sequence = new AnswerSequence(request, Model, ContextLength, _time, reading.Token);
            Enqueue(sequence);
            return ReadAsync(sequence, reading, cancellation);
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    /// <summary>One vector for a text, of length 1 unless <see cref="EmbeddingRequest.Normalise"/> says otherwise.</summary>
    /// <exception cref="PromptTooLongException">The text does not fit the context.</exception>
    /// <exception cref="EngineBusyException">Too many requests wait.</exception>
    /// <exception cref="InferenceException">The adapter is for another base.</exception>
    public async Task<float[]> EmbedAsync(EmbeddingRequest request, CancellationToken cancellation = default)
    {
        Check(request.Tokens, request.Prefix?.VirtualTokens ?? 0, room: 0);
        CheckAdapters(request.Lora, request.Prefix);
        var sequence = new EmbeddingSequence(request, Model.Config.HiddenSize, cancellation);
        Enqueue(sequence);
        using (cancellation.Register(() => _wake.Release()))
        {
            return await sequence.Result.ConfigureAwait(false);
        }
    }

    /// <summary>Ends all requests, the thread, and the memory of keys and values.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stops)
        {
            _stops = true;
            _wake.Release();
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private async IAsyncEnumerable<GeneratedToken> ReadAsync(AnswerSequence sequence, CancellationTokenSource reading, [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            await using var waking = reading.Token.Register(() => _wake.Release()).ConfigureAwait(false);
            while (await sequence.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                while (sequence.Reader.TryRead(out var token))
                {
                    yield return token;
                }

            }
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            _wake.Release();
            reading.Dispose();
        }
    }

    private void Check(IReadOnlyList<int> tokens, int virtualTokens, int room)
    {
        if (tokens.Count == 0)
        {
            throw new InferenceException("The prompt has no tokens. Give at least one.");
        }

        if (tokens.Count + virtualTokens + room > ContextLength)
        {
            throw new PromptTooLongException(tokens.Count + virtualTokens, ContextLength);
        }

        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)Model.Tokenizer.Vocabulary.Count)
            {
                throw new InferenceException($"The prompt has the token {token}; the model's tokens are 0 to {Model.Tokenizer.Vocabulary.Count - 1}.");
            }
        }
    }

    private void CheckAdapters(LoraAdapter? lora, PrefixAdapter? prefix)
    {
        var config = Model.Config;
        var fits = (lora is null || lora.Layers.Count == config.LayerCount)
            && (prefix?.Layers is not { } layers || (layers.Count == config.LayerCount && layers.All(l => l.Keys.Length == prefix.VirtualTokens * config.KeyValueWidth && l.Values.Length == l.Keys.Length)))
            && (prefix?.Embeddings is not { } embeddings || embeddings.Length == prefix.VirtualTokens * config.HiddenSize);
        if (!fits)
        {
            throw new InferenceException("The adapter is for another base model: it has other layers. Open it with this model's configuration.");
        }
    }

    private void Enqueue(Sequence sequence)
    {
        ObjectDisposedException.ThrowIf(_stops, this);
        var waiting = Interlocked.Increment(ref _waiting) - 1;
        if (waiting >= Options.MaxSequences + Options.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            _wake.Release();
            throw new EngineBusyException(waiting - Options.MaxSequences);
        }

        _arrived.Enqueue(sequence);
        _wake.Release();
        if (_ended.Task.IsCompleted)
        {
            sequence.Fail(new ObjectDisposedException(nameof(InferenceEngine)));
        }
    }

    private void Serve()
    {
        Exception end = new ObjectDisposedException(nameof(InferenceEngine));
        try
        {
            ServeUntilStopped();
        }
        catch (Exception error)
        {
            // A defect of the engine: it ends, its requests say why, and the process goes on.
            end = error;
            _stops = true;
        }

        _scheduler.FailAll(end);
        _transformer.Dispose();
        _cache.Dispose();
        if (_ownsPool)
        {
            _pool.Dispose();
        }

        _ended.SetResult();

        // Whoever comes later sees that it has ended.
        while (_arrived.TryDequeue(out var sequence))
        {
            sequence.Fail(end);
        }
    }

    private void ServeUntilStopped()
    {
        while (!_stops)
        {
            while (_arrived.TryDequeue(out var sequence))
            {
                _scheduler.Add(sequence);
            }

            var before = _scheduler.Count;
            var moved = _scheduler.Step();
            Interlocked.Add(ref _waiting, _scheduler.Count - before);
            if (!moved && _arrived.IsEmpty)
            {
                _wake.Wait();
            }

            while (_wake.Wait(0))
            {
                // One look at what arrived serves all calls.
            }
        }
    }
}
