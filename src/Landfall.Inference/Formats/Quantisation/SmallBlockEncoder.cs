using System.Buffers.Binary;
using System.Numerics.Tensors;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Quantisation;

/// <summary>Blocks of 32, as <see cref="SmallBlockDecoder"/> reads them.</summary>
internal static class SmallBlockEncoder
{
    private const int Length = 32;

    public static void Encode(TensorType type, ReadOnlySpan<float> values, Span<byte> row)
    {
        for (; values.Length > 0; row = row[type.BlockBytes()..], values = values[Length..])
        {
            switch (type)
            {
                case TensorType.Q8_0:
                    EncodeBytes(values[..Length], row);
                    break;
                case TensorType.Q4_0 or TensorType.Q5_0:
                    EncodeSymmetric(values[..Length], row, five: type == TensorType.Q5_0);
                    break;
                default:
                    EncodeWithMinimum(values[..Length], row, five: type == TensorType.Q5_1);
                    break;
            }
        }
    }

    private static void EncodeBytes(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = WriteHalf(block, MathF.Abs(TensorPrimitives.MaxMagnitude(values)) / 127);
        var inverse = scale > 0 ? 1 / scale : 0;
        for (var index = 0; index < Length; index++)
        {
            block[2 + index] = (byte)(sbyte)Math.Clamp(MathF.Round(values[index] * inverse), -127, 127);
        }
    }

    private static void EncodeSymmetric(ReadOnlySpan<float> values, Span<byte> block, bool five)
    {
        Span<float> weights = stackalloc float[Length];
        weights.Fill(1);
        var limit = five ? 16 : 8;
        var scale = WriteHalf(block, ScaleSearch.Symmetric(values, weights, limit));
        var inverse = scale != 0 ? 1 / scale : 0;
        Span<byte> quants = stackalloc byte[Length];
        for (var index = 0; index < Length; index++)
        {
            quants[index] = (byte)(Math.Clamp(MathF.Round(values[index] * inverse), -limit, limit - 1) + limit);
        }

        Pack(quants, block[2..], five);
    }

    private static void EncodeWithMinimum(ReadOnlySpan<float> values, Span<byte> block, bool five)
    {
        Span<float> weights = stackalloc float[Length];
        weights.Fill(1);
        var limit = five ? 31 : 15;
        var (wanted, negated) = ScaleSearch.WithMinimum(values, weights, limit, anyMinimum: true);
        var scale = WriteHalf(block, wanted);
        var minimum = WriteHalf(block[2..], -negated);
        var inverse = scale > 0 ? 1 / scale : 0;
        Span<byte> quants = stackalloc byte[Length];
        for (var index = 0; index < Length; index++)
        {
            quants[index] = (byte)Math.Clamp(MathF.Round((values[index] - minimum) * inverse), 0, limit);
        }

        Pack(quants, block[4..], five);
    }

    private static void Pack(ReadOnlySpan<byte> quants, Span<byte> block, bool five)
    {
        if (five)
        {
            var fifth = 0u;
            for (var index = 0; index < Length; index++)
            {
                fifth |= (uint)(quants[index] >> 4) << index;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(block, fifth);
            block = block[4..];
        }

        for (var index = 0; index < Length / 2; index++)
        {
            block[index] = (byte)((quants[index] & 15) | (quants[index + 16] << 4));
        }
    }

    /// <summary>Writes a scale and gives back what of it is left in half precision.</summary>
    public static float WriteHalf(Span<byte> at, float value)
    {
        var half = (Half)Math.Clamp(value, (float)System.Half.MinValue, (float)System.Half.MaxValue);
        BinaryPrimitives.WriteHalfLittleEndian(at, half);
        return (float)half;
    }
}
