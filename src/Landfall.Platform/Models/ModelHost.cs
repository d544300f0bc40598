using System.Globalization;
using Landfall.Protocol.Models;
using Microsoft.Extensions.Logging;

namespace Landfall.Platform.Models;

/// <summary>A model cannot be loaded: it needs more memory than models may take, or all room is taken.</summary>
/// <param name="message">What is needed, and what there is.</param>
/// <param name="mayPass">Whether there will be room when others have been answered.</param>
public sealed class ModelMemoryException(string message, bool mayPass) : Exception(message)
{
    /// <summary>Whether there will be room when others have been answered.</summary>
    public bool MayPass { get; } = mayPass;
}

/// <summary>
/// Keeps models in memory: loaded when first asked, shared by all requests, and let go in the order of their last use when
/// another one needs the room, but never while one answers.
/// </summary>
public sealed class ModelHost(ModelContent content, IModelLoader loader, ModelHostOptions options, TimeProvider time, ILogger<ModelHost> logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private TaskCompletionSource _released = NewSignal();
    private bool _ended;

    /// <summary>Whether the model is in memory.</summary>
    public bool IsLoaded(ModelSummary model)
    {
        lock (_gate)
        {
            return _slots.TryGetValue(KeyOf(model), out var slot) && slot.Loading.IsCompletedSuccessfully;
        }
    }

    /// <summary>What the model takes in memory, and what all may take.</summary>
    public ModelMemory MemoryOf(ModelSummary model) => options.MemoryOf(model) with { IsLoaded = IsLoaded(model) };

    /// <summary>What the model takes in memory, with the adapter over it if there is one.</summary>
    public ModelMemory MemoryOf(ResolvedModel model)
    {
        var memory = MemoryOf(model.Model);
        return model.Adapter is { } adapter ? memory with { WeightBytes = memory.WeightBytes + (adapter.Parameters * sizeof(float)) } : memory;
    }

    /// <summary>The model, loaded; it stays so until the lease is disposed of.</summary>
    /// <exception cref="ModelMemoryException">There is no room.</exception>
    /// <exception cref="Inference.InferenceException">It cannot be loaded.</exception>
    public Task<ModelLease> OpenAsync(ModelSummary model, CancellationToken cancellation) => OpenAsync(model, adapter: null, cancellation);

    /// <summary>The model or the base, loaded, and the adapter; they stay so until the lease is disposed of.</summary>
    /// <exception cref="ModelMemoryException">There is no room.</exception>
    /// <exception cref="Inference.InferenceException">One of them cannot be loaded.</exception>
    public Task<ModelLease> OpenAsync(ResolvedModel model, CancellationToken cancellation) => OpenAsync(model.Model, model.Adapter?.Files, cancellation);

    /// <summary>A base, loaded, and an adapter of the blob store's files over it: it needs no name in the registry.</summary>
    /// <param name="model">The base. It is loaded once, however many adapters are asked over it.</param>
    /// <param name="adapter">A PEFT folder's files, or a GGUF file called <see cref="ModelContent.GgufName"/>; null: the base alone.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ModelMemoryException">There is no room.</exception>
    /// <exception cref="Inference.InferenceException">One of them cannot be loaded.</exception>
    public async Task<ModelLease> OpenAsync(ModelSummary model, IReadOnlyList<ModelFile>? adapter, CancellationToken cancellation)
    {
        var slot = await TakeAsync(model, cancellation).ConfigureAwait(false);
        try
        {
            var loaded = await slot.Loading.WaitAsync(cancellation).ConfigureAwait(false);
            var over = adapter is null ? null : await loaded.AdaptAsync(content.PathOf(adapter), ModelContent.HashOf(adapter), cancellation).ConfigureAwait(false);
            return new ModelLease(loaded, over, () => Release(slot));
        }
        catch
        {
            Release(slot);
            throw;
        }
    }

    /// <summary>Lets a model go that is no longer there; requests that it answers end first.</summary>
    public void Forget(ModelSummary model)
    {
        lock (_gate)
        {
            if (_slots.Remove(KeyOf(model), out var slot))
            {
                slot.IsForgotten = true;
                if (slot.Users == 0)
                {
                    Unload(slot);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Slot> slots;
        lock (_gate)
        {
            _ended = true;
            slots = [.. _slots.Values];
            _slots.Clear();
        }

        foreach (var slot in slots)
        {
            await DisposeAsync(slot).ConfigureAwait(false);
        }
    }

    private async Task<Slot> TakeAsync(ModelSummary model, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            Task released;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_ended, this);
                if (Find(model) is { } slot)
                {
                    slot.Users++;
                    slot.UsedAt = time.GetTimestamp();
                    return slot;
                }

                released = _released.Task;
            }

            var left = options.Patience - time.GetElapsedTime(began);
            try
            {
                await released.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new ModelMemoryException($"There is no room for the model '{model.Name}': other models are answering. Try again later, or allow more with LANDFALL_MODEL_MEMORY and LANDFALL_MODEL_COUNT.", mayPass: true);
            }
        }
    }

    /// <summary>The model's slot, a new one where there is room; null while there is none.</summary>
    private Slot? Find(ModelSummary model)
    {
        var key = KeyOf(model);
        if (_slots.TryGetValue(key, out var there))
        {
            return there;
        }

        var memory = options.MemoryOf(model);
        if (memory.TotalBytes > options.MemoryBytes)
        {
            throw new ModelMemoryException(
                string.Create(CultureInfo.InvariantCulture, $"The model '{model.Name}' needs {ModelImporter.Size(memory.TotalBytes)} (weights {ModelImporter.Size(memory.WeightBytes)}, context {ModelImporter.Size(memory.ContextBytes)}), and models may take {ModelImporter.Size(options.MemoryBytes)}. Quantise it, or allow more with LANDFALL_MODEL_MEMORY, or less context with LANDFALL_MODEL_CONTEXT."),
                mayPass: false);
        }

        while (_slots.Count >= options.MaxModels || _slots.Values.Sum(s => s.Bytes) + memory.TotalBytes > options.MemoryBytes)
        {
            if (_slots.Where(s => s.Value.Users == 0).OrderBy(s => s.Value.UsedAt).Select(s => s.Key).FirstOrDefault() is not { } oldest)
            {
                return null;
            }

            _slots.Remove(oldest, out var idle);
            logger.Unloads(idle!.Model.Name);
            Unload(idle);
        }

        logger.Loads(model.Name, ModelImporter.Size(memory.TotalBytes));
        var path = content.PathOf(model.Files);
        var slot = new Slot(key, model, memory.TotalBytes, Task.Run(() => loader.Load(path, model)));
        _slots.Add(key, slot);
        return slot;
    }

    private void Release(Slot slot)
    {
        lock (_gate)
        {
            slot.Users--;
            slot.UsedAt = time.GetTimestamp();
            if (slot.Loading.IsFaulted && _slots.TryGetValue(slot.Key, out var there) && there == slot)
            {
                // The next request tries again.
                _slots.Remove(slot.Key);
            }

            if (slot.Users == 0)
            {
                if (slot.IsForgotten)
                {
                    Unload(slot);
                }

                _released.TrySetResult();
                _released = NewSignal();
            }
        }
    }

    private void Unload(Slot slot) => slot.Unloading = Task.Run(() => DisposeAsync(slot).AsTask());

    private async ValueTask DisposeAsync(Slot slot)
    {
        try
        {
            await (await slot.Loading.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            logger.NotUnloaded(error, slot.Model.Name);
        }
    }

    /// <summary>The same content is loaded once for a team, whatever its names.</summary>
    private static string KeyOf(ModelSummary model) => $"{Access.Caller.Current.Team}/{model.Hash}";

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Slot(string key, ModelSummary model, long bytes, Task<ILoadedModel> loading)
    {
        public string Key { get; } = key;

        public ModelSummary Model { get; } = model;

        public long Bytes { get; } = bytes;

        public Task<ILoadedModel> Loading { get; } = loading;

        /// <summary>Requests that it answers.</summary>
        public int Users { get; set; }

        public long UsedAt { get; set; }

        /// <summary>Whether it goes when nobody uses it any more.</summary>
        public bool IsForgotten { get; set; }

        public Task? Unloading { get; set; }
    }
}

/// <summary>A loaded model for the time of a request.</summary>
public sealed class ModelLease(ILoadedModel model, LoadedAdapter? adapter, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The model.</summary>
    public ILoadedModel Model { get; } = model;

    /// <summary>What is to answer over it, if anything: requests carry it in their options.</summary>
    public LoadedAdapter? Adapter { get; } = adapter;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
