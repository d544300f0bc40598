using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Landfall.Training.Quantisation;

/// <summary>
/// NormalFloat of four bits (Dettmers et al., arXiv 2305.14314, section 3 and appendix E): 64 numbers share a scale, and each
/// is the nearest of 16 values that a normal distribution fills evenly.
/// </summary>
internal static class Nf4
{
    /// <summary>Numbers that share a scale.</summary>
    public const int BlockLength = 64;

    /// <summary>The values, ascending.</summary>
    public static readonly float[] Values =
    [
        -1f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f, 0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1f,
    ];

    private static readonly float[] Middles = [.. Enumerable.Range(0, 15).Select(index => (Values[index] + Values[index + 1]) / 2)];

    /// <summary>The two values of each byte, as one number of 64 bits.</summary>
    private static readonly ulong[] Pairs = [.. Enumerable.Range(0, 256).Select(code => MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes<float>([Values[code & 15], Values[code >> 4]])))];

    /// <summary>Encodes a block.</summary>
    /// <param name="numbers">Up to <see cref="BlockLength"/> numbers.</param>
    /// <param name="codes">Two numbers to a byte, the first in the lower half.</param>
    /// <returns>The scale: the largest magnitude.</returns>
    public static float Encode(ReadOnlySpan<float> numbers, Span<byte> codes)
    {
        var scale = MathF.Abs(TensorPrimitives.MaxMagnitude(numbers));
        var inverse = scale > 0 ? 1 / scale : 0;
        codes.Clear();
        for (var index = 0; index < numbers.Length; index++)
        {
            codes[index / 2] |= (byte)(Nearest(numbers[index] * inverse) << (index % 2 * 4));
        }

        return scale;
    }

    /// <summary>Decodes a block.</summary>
    /// <param name="codes">Two numbers to a byte.</param>
    /// <param name="scale">The block's scale.</param>
    /// <param name="numbers">An even number of numbers, as many as the codes hold.</param>
    public static void Decode(ReadOnlySpan<byte> codes, float scale, Span<float> numbers)
    {
        var pairs = MemoryMarshal.Cast<float, ulong>(numbers);
        for (var index = 0; index < pairs.Length; index++)
        {
            pairs[index] = Pairs[codes[index]];
        }

        TensorPrimitives.Multiply(numbers, scale, numbers);
    }

    private static int Nearest(float number)
    {
        var code = 0;
        for (var step = 8; step > 0; step /= 2)
        {
            code += number > Middles[code + step - 1] ? step : 0;
        }

        return code;
    }
}
