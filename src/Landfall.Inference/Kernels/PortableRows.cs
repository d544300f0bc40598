using System.Numerics.Tensors;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>Rows of any type on any processor: decoded one by one to single precision.</summary>
internal static unsafe class PortableRows
{
    public static void Compute(in RowRange range, TensorType type)
    {
        var columns = range.Input.Columns;
        var decoded = new Span<float>(KernelScratch.Floats(columns), columns);
        for (var row = 0; row < range.Rows; row++)
        {
            BlockCodec.Decode(type, new ReadOnlySpan<byte>(range.Weights + (row * range.RowBytes), checked((int)range.RowBytes)), decoded);
            for (var token = 0; token < range.Input.Tokens; token++)
            {
                range.Output[((nint)token * range.Stride) + row] =
                    TensorPrimitives.Dot(decoded, new ReadOnlySpan<float>(range.Input.Values + ((nint)token * columns), columns));
            }
        }
    }
}
