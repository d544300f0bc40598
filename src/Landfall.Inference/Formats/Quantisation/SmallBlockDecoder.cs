using System.Buffers.Binary;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Quantisation;

/// <summary>
/// Blocks of 32. Q8_0 is <c>scale:half, q:int8[32]</c>. The others are <c>scale:half, [minimum:half], [fifth bits:uint32],
/// q:byte[16]</c>: a byte's lower half is value <c>i</c>, its upper half value <c>i + 16</c>.
/// </summary>
internal static class SmallBlockDecoder
{
    private const int Length = 32;

    public static void Decode(TensorType type, ReadOnlySpan<byte> row, Span<float> values)
    {
        for (; values.Length > 0; row = row[type.BlockBytes()..], values = values[Length..])
        {
            if (type == TensorType.Q8_0)
            {
                DecodeBytes(row, values);
            }
            else
            {
                DecodeNibbles(type, row, values);
            }
        }
    }

    private static void DecodeBytes(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = ReadHalf(block);
        for (var index = 0; index < Length; index++)
        {
            values[index] = scale * (sbyte)block[2 + index];
        }
    }

    private static void DecodeNibbles(TensorType type, ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = ReadHalf(block);
        block = block[2..];
        var minimum = 0f;
        if (type is TensorType.Q4_1 or TensorType.Q5_1)
        {
            minimum = ReadHalf(block);
            block = block[2..];
        }

        var fifth = 0u;
        if (type is TensorType.Q5_0 or TensorType.Q5_1)
        {
            fifth = BinaryPrimitives.ReadUInt32LittleEndian(block);
            block = block[4..];
        }

        var zero = type switch { TensorType.Q4_0 => 8, TensorType.Q5_0 => 16, _ => 0 };
        for (var index = 0; index < Length / 2; index++)
        {
            var low = (block[index] & 15) | (int)(((fifth >> index) & 1) << 4);
            var high = (block[index] >> 4) | (int)(((fifth >> (index + 16)) & 1) << 4);
            values[index] = ((low - zero) * scale) + minimum;
            values[index + 16] = ((high - zero) * scale) + minimum;
        }
    }

    private static float ReadHalf(ReadOnlySpan<byte> at) => (float)BinaryPrimitives.ReadHalfLittleEndian(at);
}
