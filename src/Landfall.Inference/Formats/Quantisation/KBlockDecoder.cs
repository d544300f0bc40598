using System.Buffers.Binary;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Quantisation;

/// <summary>Blocks of 256 whose groups' scales are themselves quantised.</summary>
internal static class KBlockDecoder
{
    public const int Length = 256;

    public static void Decode(TensorType type, ReadOnlySpan<byte> row, Span<float> values)
    {
        for (; values.Length > 0; row = row[type.BlockBytes()..], values = values[Length..])
        {
            if (type == TensorType.Q6_K)
            {
                DecodeSix(row, values);
            }
            else
            {
                DecodeFourOrFive(row, values, five: type == TensorType.Q5_K);
            }
        }
    }

    /// <summary>A group's 6-bit scale and minimum out of the 12 bytes that hold eight of each.</summary>
    public static (int Scale, int Minimum) GroupScale(ReadOnlySpan<byte> scales, int group) => group < 4
        ? (scales[group] & 63, scales[group + 4] & 63)
        : ((scales[group + 4] & 15) | (scales[group - 4] >> 6 << 4), (scales[group + 4] >> 4) | (scales[group] >> 6 << 4));

    /// <summary><c>scale:half, minimum:half, scales:byte[12], [fifth bits:byte[32]], q:byte[128]</c></summary>
    private static void DecodeFourOrFive(ReadOnlySpan<byte> block, Span<float> values, bool five)
    {
        var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        var minimum = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
        var fifth = five ? block.Slice(16, 32) : default;
        var quants = block[(five ? 48 : 16)..];
        for (var group = 0; group < 8; group++)
        {
            var (groupScale, groupMinimum) = GroupScale(block[4..], group);
            var (step, offset) = (scale * groupScale, minimum * groupMinimum);
            for (var index = 0; index < 32; index++)
            {
                var quant = (quants[(group / 2 * 32) + index] >> (group % 2 * 4)) & 15;
                if (five)
                {
                    quant |= ((fifth[index] >> group) & 1) << 4;
                }

                values[(group * 32) + index] = (step * quant) - offset;
            }
        }
    }

    /// <summary><c>low four bits:byte[128], high two bits:byte[64], scales:int8[16], scale:half</c>, in two halves of 128.</summary>
    private static void DecodeSix(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scales = block.Slice(192, 16);
        var scale = (float)BinaryPrimitives.ReadHalfLittleEndian(block[208..]);
        for (var index = 0; index < Length; index++)
        {
            var (half, within) = (index / 128, index % 128);
            var (quarter, column) = (within / 32, within % 32);
            var low = (block[(half * 64) + (quarter % 2 * 32) + column] >> (quarter / 2 * 4)) & 15;
            var high = (block[128 + (half * 32) + column] >> (quarter * 2)) & 3;
            values[index] = scale * (sbyte)scales[index / 16] * ((low | (high << 4)) - 32);
        }
    }
}
