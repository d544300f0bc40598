using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Quantisation;

/// <summary>
/// Rows of weights to floating point and back, for all types, by plain loops: what kernels are tested against and what
/// exports are written with. Layouts are GGML's (<c>ggml-common.h</c>), to the bit.
/// </summary>
public static class BlockCodec
{
    /// <summary>Decodes a row.</summary>
    /// <param name="type">How values lie in <paramref name="row"/>.</param>
    /// <param name="row">Whole blocks.</param>
    /// <param name="values">As many values as the blocks hold.</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other.</exception>
    public static void Decode(TensorType type, ReadOnlySpan<byte> row, Span<float> values)
    {
        CheckLengths(type, row.Length, values.Length);
        switch (type)
        {
            case TensorType.F32 or TensorType.F16 or TensorType.BF16:
                FloatRows.Decode(type, row, values);
                break;
            case TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K:
                KBlockDecoder.Decode(type, row, values);
                break;
            default:
                SmallBlockDecoder.Decode(type, row, values);
                break;
        }
    }

    /// <summary>Decodes a row of a tensor.</summary>
    public static void Decode(Tensor tensor, int row, Span<float> values) => Decode(tensor.Type, tensor.Row(row), values);

    /// <summary>
    /// Encodes a row. Scales are found by weighted least squares over a few candidate roundings, as the field does, so that
    /// the error is less than that of stretching each block to its largest value.
    /// </summary>
    /// <param name="type">How values are to lie in <paramref name="row"/>.</param>
    /// <param name="values">Whole blocks of values.</param>
    /// <param name="row">As many bytes as the blocks take.</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other, or a block type is given what is not a finite number.</exception>
    public static void Encode(TensorType type, ReadOnlySpan<float> values, Span<byte> row)
    {
        CheckLengths(type, row.Length, values.Length);
        if (type is TensorType.F32 or TensorType.F16 or TensorType.BF16)
        {
            FloatRows.Encode(type, values, row);
            return;
        }

        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(values))
        {
            throw new ArgumentException($"A value is not a finite number, which {type} cannot hold.", nameof(values));
        }

        if (type is TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K)
        {
            KBlockEncoder.Encode(type, values, row);
        }
        else
        {
            SmallBlockEncoder.Encode(type, values, row);
        }
    }

    private static void CheckLengths(TensorType type, int bytes, int values)
    {
        if (type.RowBytes(values) != bytes)
        {
            throw new ArgumentException($"{values} values as {type} take {type.RowBytes(values)} bytes, not {bytes}.", nameof(values));
        }
    }
}
