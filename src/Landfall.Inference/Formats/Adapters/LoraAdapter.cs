using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Adapters;

/// <summary>
/// A LoRA adapter for a base model: <c>y = W x + scale * B (A x)</c>. Its matrices are in F32, their rows in the order of the
/// base's RoPE layout.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    private readonly List<Tensor> _owned;

    internal LoraAdapter(string path, IReadOnlyList<LoraLayer> layers, List<Tensor> owned) => (Path, Layers, _owned) = (path, layers, owned);

    /// <summary>The folder or file.</summary>
    public string Path { get; }

    /// <summary>What it adds, by the base's layers.</summary>
    public IReadOnlyList<LoraLayer> Layers { get; }

    /// <summary>The highest rank of its pairs.</summary>
    public int Rank => Layers.SelectMany(layer => layer.Pairs).Max(pair => pair.Rank);

    /// <summary>Opens a PEFT folder (<c>adapter_config.json</c>, <c>adapter_model.safetensors</c>) or a GGUF adapter.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="config">The base model's configuration.</param>
    /// <exception cref="ModelFormatException">It is damaged, of another base, or of a kind of LoRA that is not done.</exception>
    public static LoraAdapter Open(string path, ModelConfig config) =>
        Directory.Exists(path) ? PeftLora.Open(path, config) : GgufLora.Open(path, config);

    /// <summary>Frees its matrices.</summary>
    public void Dispose() => _owned.ForEach(tensor => tensor.Memory.Dispose());
}

/// <summary>What an adapter adds to a layer's linear parts; null where it adds nothing.</summary>
public sealed record LoraLayer(LoraPair? Query, LoraPair? Key, LoraPair? Value, LoraPair? AttentionOutput, LoraPair? Gate, LoraPair? Up, LoraPair? Down)
{
    /// <summary>The pairs that are there.</summary>
    public IEnumerable<LoraPair> Pairs => new[] { Query, Key, Value, AttentionOutput, Gate, Up, Down }.OfType<LoraPair>();
}

/// <summary>Two matrices whose product is added.</summary>
/// <param name="A"><c>[rank, inputs]</c></param>
/// <param name="B"><c>[outputs, rank]</c></param>
/// <param name="Scale">What the product is multiplied by.</param>
public sealed record LoraPair(Tensor A, Tensor B, float Scale)
{
    /// <summary>The rank.</summary>
    public int Rank => A.Rows;
}
