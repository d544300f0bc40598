using Landfall.Inference.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

/// <summary>Rotary positions (arXiv 2104.09864) of a batch: cosines and sines of each token's position.</summary>
internal sealed class Rotation(ModelConfig config)
{
    private readonly RopeTable _table = new(config.Rope, config.HeadSize, config.ContextLength);

    /// <summary>Cosines and sines, each <c>[tokens, 1, head / 2]</c>.</summary>
    /// <param name="positions"><c>[tokens]</c></param>
    /// <param name="lengths">The length of each token's text, virtual tokens included: dynamic scaling depends on it.</param>
    /// <param name="device">Where to.</param>
    public (Tensor Cosines, Tensor Sines) Of(IReadOnlyList<long> positions, IReadOnlyList<int> lengths, Device device)
    {
        var pairs = _table.Pairs;
        var (cosines, sines) = (new float[positions.Count * pairs], new float[positions.Count * pairs]);
        var stretched = new Dictionary<int, RopeTable>();
        for (var token = 0; token < positions.Count; token++)
        {
            var table = TableOf(lengths[token], stretched);
            var position = (int)positions[token];
            table.Reach(position + 1);
            table.Cosines(position).CopyTo(cosines.AsSpan(token * pairs));
            table.Sines(position).CopyTo(sines.AsSpan(token * pairs));
        }

        return (tensor(cosines, device: device).view(-1, 1, pairs), tensor(sines, device: device).view(-1, 1, pairs));
    }

    /// <summary>Turns value i of each head together with value i + head / 2.</summary>
    /// <param name="heads"><c>[tokens, heads, head]</c></param>
    /// <param name="cosines"><c>[tokens, 1, head / 2]</c></param>
    /// <param name="sines"><c>[tokens, 1, head / 2]</c></param>
    public static Tensor Turn(Tensor heads, Tensor cosines, Tensor sines)
    {
        var halves = heads.chunk(2, dim: -1);
        return cat([(halves[0] * cosines) - (halves[1] * sines), (halves[1] * cosines) + (halves[0] * sines)], dim: -1);
    }

    private RopeTable TableOf(int length, Dictionary<int, RopeTable> stretched)
    {
        var original = config.Rope.OriginalContextLength > 0 ? config.Rope.OriginalContextLength : config.ContextLength;
        if (config.Rope.Scaling != RopeScaling.Dynamic || length <= original)
        {
            return _table;
        }

        if (!stretched.TryGetValue(length, out var table))
        {
            stretched.Add(length, table = new RopeTable(config.Rope, config.HeadSize, config.ContextLength, length));
        }

        return table;
    }
}
