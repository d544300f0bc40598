namespace Landfall.Inference.Tensors;

/// <summary>How a tensor's values lie in memory. The numbers are those of GGUF's <c>ggml_type</c>.</summary>
public enum TensorType
{
    /// <summary>IEEE single.</summary>
    F32 = 0,
    /// <summary>IEEE half.</summary>
    F16 = 1,
    /// <summary>4 bits, 32 to a half-precision scale.</summary>
    Q4_0 = 2,
    /// <summary>4 bits, 32 to a scale and a minimum.</summary>
    Q4_1 = 3,
    /// <summary>5 bits, 32 to a scale.</summary>
    Q5_0 = 6,
    /// <summary>5 bits, 32 to a scale and a minimum.</summary>
    Q5_1 = 7,
    /// <summary>8 bits, 32 to a scale.</summary>
    Q8_0 = 8,
    /// <summary>4 bits, 8 groups of 32 with 6-bit scales and minima in a block of 256.</summary>
    Q4_K = 12,
    /// <summary>5 bits, grouped as Q4_K.</summary>
    Q5_K = 13,
    /// <summary>6 bits, 16 groups of 16 with 8-bit scales in a block of 256.</summary>
    Q6_K = 14,
    /// <summary>The upper half of an IEEE single.</summary>
    BF16 = 30,
}

/// <summary>Sizes of the types: a row is a sequence of blocks of values that share their scales.</summary>
public static class TensorTypes
{
    /// <summary>Whether the number is a type that is read.</summary>
    public static bool IsKnown(int type) => Enum.IsDefined((TensorType)type);

    /// <summary>Values in a block: 1 for floating point, 32, or 256 for the K types.</summary>
    public static int BlockLength(this TensorType type) => type switch
    {
        TensorType.F32 or TensorType.F16 or TensorType.BF16 => 1,
        TensorType.Q4_K or TensorType.Q5_K or TensorType.Q6_K => 256,
        _ => 32,
    };

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes(this TensorType type) => type switch
    {
        TensorType.F32 => 4,
        TensorType.F16 or TensorType.BF16 => 2,
        TensorType.Q4_0 => 18,
        TensorType.Q4_1 => 20,
        TensorType.Q5_0 => 22,
        TensorType.Q5_1 => 24,
        TensorType.Q8_0 => 34,
        TensorType.Q4_K => 144,
        TensorType.Q5_K => 176,
        TensorType.Q6_K => 210,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, message: null),
    };

    /// <summary>Bytes of a row of so many values, which must be whole blocks.</summary>
    public static long RowBytes(this TensorType type, long columns) => columns % type.BlockLength() == 0
        ? columns / type.BlockLength() * type.BlockBytes()
        : throw new ArgumentException($"A row of {columns} values is not whole blocks of {type.BlockLength()} as {type} has them.", nameof(columns));
}
