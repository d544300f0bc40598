using System.Runtime.InteropServices;
using Landfall.Inference.Formats.Quantisation;
using TorchSharp;
using static TorchSharp.torch;
using Stored = Landfall.Inference.Tensors.Tensor;

namespace Landfall.Training.Models;

/// <summary>Takes weights out of their mapped files into libtorch's memory, rows by rows: no second copy of a matrix is made.</summary>
internal static class WeightLoading
{
    private const int ChunkValues = 1 << 20;

    /// <summary>A matrix's numbers.</summary>
    /// <param name="stored">Where it lies, in any type that is read.</param>
    /// <param name="type">F32 or BF16.</param>
    /// <param name="device">Where it goes.</param>
    public static Tensor Load(Stored stored, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var target = empty(stored.Rows, stored.Columns, dtype: type, device: device);
        var rows = Math.Clamp(ChunkValues / stored.Columns, 1, stored.Rows);
        for (var first = 0; first < stored.Rows; first += rows)
        {
            using var chunkScope = NewDisposeScope();
            var count = Math.Min(rows, stored.Rows - first);
            var place = target.narrow(0, first, count);
            var direct = type == ScalarType.Float32 && device.type == DeviceType.CPU;
            var chunk = direct ? place : empty(count, stored.Columns);
            Decode(stored, first, MemoryMarshal.Cast<byte, float>(chunk.bytes));
            if (!direct)
            {
                place.copy_(chunk);
            }
        }

        return target.DetachFromDisposeScope();
    }

    /// <summary>A vector's numbers, F32.</summary>
    public static Tensor? Load(float[]? values, Device device) => values is null ? null : tensor(values, device: device).DetachFromDisposeScope();

    private static void Decode(Stored stored, int first, Span<float> values)
    {
        for (var row = 0; row < values.Length / stored.Columns; row++)
        {
            BlockCodec.Decode(stored, first + row, values.Slice(row * stored.Columns, stored.Columns));
        }
    }
}
