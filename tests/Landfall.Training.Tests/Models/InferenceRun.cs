using Landfall.Inference.Formats;
using Landfall.Inference.Formats.Adapters;
using Landfall.Inference.Kernels;
using Landfall.Inference.Models;
using Landfall.Inference.Serving;
using Landfall.Inference.Tensors;

namespace Landfall.Training.Models;

/// <summary>What Landfall.Inference says of a model folder, with an adapter or without.</summary>
internal sealed class InferenceRun : IDisposable
{
    private readonly ModelFiles _files;
    private readonly ComputePool _pool = new(1);
    private readonly KeyValueCache _cache;
    private readonly Transformer _transformer;
    private readonly LoraAdapter? _lora;
    private readonly PrefixAdapter? _prefix;

    public InferenceRun(string folder, string? adapter = null)
    {
        _files = ModelFiles.Open(folder);
        _lora = adapter is not null && AdapterKinds.Of(adapter) == AdapterKind.Lora ? LoraAdapter.Open(adapter, _files.Config) : null;
        _prefix = adapter is not null && _lora is null ? PrefixAdapter.Open(adapter, _files.Config) : null;
        _cache = new KeyValueCache(_files.Config, 1000, TensorType.F32);
        _transformer = new Transformer(_files.Config, _files.Decoder!, _cache.Layout, _pool);
    }

    public ModelConfig Config => _files.Config;

    /// <summary>Logits of all tokens of a text.</summary>
    public float[][] Logits(int[] tokens) => [.. _transformer.Project(Hidden(tokens), tokens.Length).ToArray().Chunk(Config.VocabularySize)];

    /// <summary>Hidden states after the last norm, <c>[tokens, hidden]</c>.</summary>
    public float[] Hidden(int[] tokens)
    {
        var sequence = new SequenceCache();
        var virtualTokens = _prefix?.VirtualTokens ?? 0;
        while (sequence.Pages.Count * KeyValueCache.PageLength < tokens.Length + virtualTokens)
        {
            sequence.Pages.Add(_cache.Take() ?? throw new InvalidOperationException("The cache is full."));
        }

        int[] all = [.. Enumerable.Range(0, virtualTokens).Select(i => -1 - i), .. tokens];
        if (_prefix is { Layers: not null })
        {
            sequence.Begin(_prefix, _cache.Layout);
            all = tokens;
        }

        var part = new BatchPart(sequence, all) { Outputs = BatchOutputs.All, Lora = _lora, VirtualTokens = _prefix?.Embeddings, PlannedLength = tokens.Length + virtualTokens };
        var hidden = _transformer.Forward([part]).ToArray();
        _cache.Release(sequence.Pages);
        return hidden[^(tokens.Length * Config.HiddenSize)..];
    }

    public void Dispose()
    {
        _lora?.Dispose();
        _transformer.Dispose();
        _cache.Dispose();
        _files.Dispose();
        _pool.Dispose();
    }
}
