using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Models;

namespace Landfall.Platform.Models;

/// <summary>
/// Adapters of a loaded model, by content. Of those that are used no more the least recent ones are let go where all take more
/// than <paramref name="capacity"/>; a request keeps its own for as long as it is computed, as the engine holds on to it.
/// </summary>
/// <param name="config">The model's configuration.</param>
/// <param name="capacity">Bytes that they may take; the one that was asked last stays, however large.</param>
internal sealed class LoadedAdapters(ModelConfig config, long capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>Contents that are kept.</summary>
    public IReadOnlyCollection<string> Kept
    {
        get
        {
            lock (_gate)
            {
                return [.. _slots.Keys];
            }
        }
    }

    /// <summary>The adapter, read where it is not there yet.</summary>
    /// <exception cref="Inference.InferenceException">It cannot be read; the next request tries again.</exception>
    public async Task<LoadedAdapter> GetAsync(string path, string hash, CancellationToken cancellation)
    {
        Slot slot;
        lock (_gate)
        {
            if (!_slots.TryGetValue(hash, out slot!) || slot.Reading.IsFaulted)
            {
                _slots[hash] = slot = new Slot(Task.Run(() => Read(path), CancellationToken.None));
            }

            slot.UsedAt = ++_uses;
        }

        var adapter = await slot.Reading.WaitAsync(cancellation).ConfigureAwait(false);
        MakeRoom();
        return adapter;
    }

    /// <summary>Lets the memory go of whatever is not in use: nothing is disposed of here, as the engine may still compute with it.</summary>
    private void MakeRoom()
    {
        lock (_gate)
        {
            var bytes = _slots.Values.Sum(BytesOf);
            foreach (var (hash, slot) in _slots.OrderBy(s => s.Value.UsedAt).SkipLast(1).ToList())
            {
                if (bytes > capacity)
                {
                    _slots.Remove(hash);
                    bytes -= BytesOf(slot);
                }
            }
        }
    }

    private LoadedAdapter Read(string path) => AdapterKinds.Of(path) == AdapterKind.Lora
        ? new LoadedAdapter(LoraAdapter.Open(path, config), Prefix: null)
        : new LoadedAdapter(Lora: null, PrefixAdapter.Open(path, config));

    private static long BytesOf(Slot slot) => slot.Reading.IsCompletedSuccessfully ? slot.Reading.Result.Bytes : 0;

    private sealed class Slot(Task<LoadedAdapter> reading)
    {
        public Task<LoadedAdapter> Reading { get; } = reading;

        public long UsedAt { get; set; }
    }
}
