using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Quantisation;

/// <summary>Rows of floating-point numbers, little-endian as in both file formats.</summary>
internal static class FloatRows
{
    public static void Decode(TensorType type, ReadOnlySpan<byte> row, Span<float> values)
    {
        switch (type)
        {
            case TensorType.F32:
                row.CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case TensorType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(row), values);
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, ushort>(row);
                for (var index = 0; index < halves.Length; index++)
                {
                    values[index] = BitConverter.UInt32BitsToSingle((uint)halves[index] << 16);
                }

                break;
        }
    }

    public static void Encode(TensorType type, ReadOnlySpan<float> values, Span<byte> row)
    {
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.AsBytes(values).CopyTo(row);
                break;
            case TensorType.F16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(row));
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, ushort>(row);
                for (var index = 0; index < halves.Length; index++)
                {
                    halves[index] = ToBFloat16(values[index]);
                }

                break;
        }
    }

    /// <summary>Rounds to the nearest, ties to even; what is not a number stays so.</summary>
    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
