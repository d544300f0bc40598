using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Kernels;
using Landfall.Inference.Serving;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Models;

/// <summary>A decoder without an engine: tokens in, logits out.</summary>
internal sealed class ModelRun : IDisposable
{
    private readonly ModelFiles _files;
    private readonly ComputePool _pool = new(2);
    private readonly KeyValueCache _cache;
    private readonly Transformer _transformer;
    private readonly SequenceCache _sequence = new();
    private readonly LoraAdapter? _lora;
    private readonly PrefixAdapter? _prefix;

    public ModelRun(string path, Func<ModelFiles, LoraAdapter>? lora = null, Func<ModelFiles, PrefixAdapter>? prefix = null, TensorType cache = TensorType.F32)
    {
        _files = ModelFiles.Open(path);
        _lora = lora?.Invoke(_files);
        _prefix = prefix?.Invoke(_files);
        _cache = new KeyValueCache(_files.Config, 1000, cache);
        _transformer = new Transformer(_files.Config, _files.Decoder!, _cache.Layout, _pool);
    }

    public ModelConfig Config => _files.Config;

    public int VirtualTokens => _prefix?.VirtualTokens ?? 0;

    /// <summary>Logits of all tokens of a text that begins anew, given in parts of so many tokens.</summary>
    public float[][] Read(int[] tokens, int partLength = int.MaxValue)
    {
        _cache.Release(_sequence.Pages);
        _sequence.Pages.Clear();
        _sequence.Length = 0;
        int[] all = [.. Enumerable.Range(0, VirtualTokens).Select(i => -1 - i), .. tokens];
        if (_prefix is { Layers: not null })
        {
            Reserve(VirtualTokens);
            _sequence.Begin(_prefix, _cache.Layout);
        }

        List<float[]> rows = [];
        while (_sequence.Length < all.Length)
        {
            rows.AddRange(Continue(all.AsSpan(_sequence.Length, Math.Min(partLength, all.Length - _sequence.Length)).ToArray(), all.Length));
        }

        return [.. rows.Skip(rows.Count - tokens.Length)];
    }

    /// <summary>Logits of tokens that follow what was read.</summary>
    public float[][] Continue(int[] tokens, int planned = 0)
    {
        Reserve(_sequence.Length + tokens.Length);
        var part = new BatchPart(_sequence, tokens) { Outputs = BatchOutputs.All, Lora = _lora, VirtualTokens = _prefix?.Embeddings, PlannedLength = planned };
        var logits = _transformer.Project(_transformer.Forward([part]).ToArray(), tokens.Length);
        return [.. logits.ToArray().Chunk(Config.VocabularySize)];
    }

    public void Dispose()
    {
        _transformer.Dispose();
        _cache.Dispose();
        _files.Dispose();
        _pool.Dispose();
    }

    private void Reserve(int positions)
    {
        while (_sequence.Pages.Count * KeyValueCache.PageLength < positions)
        {
            _sequence.Pages.Add(_cache.Take()!);
        }
    }
}
