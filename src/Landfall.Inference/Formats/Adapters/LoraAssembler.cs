using System.Runtime.InteropServices;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Adapters;

/// <summary>Collects an adapter's pairs by layer and linear part, checked against the base.</summary>
/// <param name="table">The adapter's tensors.</param>
/// <param name="config">The base.</param>
/// <param name="layout">The RoPE layout that the adapter's rows of queries and keys are in.</param>
internal sealed class LoraAssembler(TensorTable table, ModelConfig config, RopeLayout layout)
{
    private readonly Dictionary<(int Layer, LinearPart Part), LoraPair> _pairs = [];
    private readonly List<Tensor> _owned = [];

    /// <summary>Adds the pair of two tensors, whose scale follows from its rank.</summary>
    public void Add(int layer, LinearPart part, string nameOfA, string nameOfB, Func<int, float> scale)
    {
        if (layer >= config.LayerCount)
        {
            throw Wrong(nameOfA, $"is for the layer {layer}, where the base has {config.LayerCount} from 0");
        }

        var (rows, columns) = part.Shape(config);
        var (a, b) = (table.Get(nameOfA), table.Get(nameOfB));
        if (a.Shape is not [var rank, var inputs] || inputs != columns)
        {
            throw Wrong(nameOfA, $"has the shape [{string.Join(", ", a.Shape)}], where the base asks for [rank, {columns}]");
        }

        if (b.Shape is not [var outputs, var sameRank] || outputs != rows || sameRank != rank)
        {
            throw Wrong(nameOfB, $"has the shape [{string.Join(", ", b.Shape)}], where the base and its other half ask for [{rows}, {rank}]");
        }

        var reordered = part is LinearPart.Query or LinearPart.Key && layout != config.Rope.Layout;
        _pairs[(layer, part)] = new LoraPair(Copy(a, reordered: false), Copy(b, reordered), scale((int)rank));
    }

    public LoraAdapter Finish(string path)
    {
        if (_pairs.Count == 0)
        {
            throw new ModelFormatException(table.File, "the adapter holds no LoRA matrices.");
        }

        var layers = Enumerable.Range(0, config.LayerCount).Select(layer => new LoraLayer(
            Find(layer, LinearPart.Query),
            Find(layer, LinearPart.Key),
            Find(layer, LinearPart.Value),
            Find(layer, LinearPart.AttentionOutput),
            Find(layer, LinearPart.Gate),
            Find(layer, LinearPart.Up),
            Find(layer, LinearPart.Down)));
        return new LoraAdapter(path, [.. layers], _owned);
    }

    private ModelFormatException Wrong(string tensor, string problem) =>
        new(table.FileOf(tensor), $"the tensor '{tensor}' {problem}; the adapter is for another base model.") { Tensor = tensor };

    private LoraPair? Find(int layer, LinearPart part) => _pairs.GetValueOrDefault((layer, part));

    private unsafe Tensor Copy(Tensor source, bool reordered)
    {
        var copy = NativeBuffer.Allocate(source.Name, TensorType.F32, source.Rows, source.Columns);
        _owned.Add(copy);
        for (var row = 0; row < copy.Rows; row++)
        {
            var from = reordered ? RotaryPermutation.SourceRow(row, config.HeadSize, config.Rope.Layout) : row;
            var values = MemoryMarshal.Cast<byte, float>(new Span<byte>(copy.Data + (row * copy.RowBytes), (int)copy.RowBytes));
            BlockCodec.Decode(source, from, values);
        }

        return copy;
    }
}
