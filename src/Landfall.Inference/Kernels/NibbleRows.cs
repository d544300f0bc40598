using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>
/// Q4_0 times one vector by AVX-512's instructions for 256-bit vectors. A block's 16 bytes are taken as 8 words, whose four
/// nibbles are shifted down in place: that takes fewer instructions than widening bytes, but has the activations in the order
/// that <see cref="Reorder"/> makes.
/// </summary>
internal static unsafe class NibbleRows
{
    private const int BlockBytes = 18;
    private const int GroupLength = InputView.GroupLength;

    // In memory, as what the compiler knows to be constant it loads again in each turn of a loop.
    private static ReadOnlySpan<ushort> Shifts => [0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 8, 8, 8, 8, 12, 12, 12, 12, 12, 12, 12, 12];

    /// <summary>
    /// Two rows at a time, which share the loads of activations: one of the range's first half and one of its second, so that
    /// both are read on and on, as the processor's prefetching wants it.
    /// </summary>
    public static void Vector(in RowRange range, TensorType type)
    {
        var scale = range.Input.Scales[0];
        var half = range.Rows / 2;
        var row = range.Weights;
        for (var index = 0; index < half; index++, row += range.RowBytes)
        {
            var (first, second) = Dot(row, row + (half * range.RowBytes), range.Input);
            range.Output[index] = first * scale;
            range.Output[index + half] = second * scale;
        }

        if (range.Rows % 2 != 0)
        {
            row = range.Weights + ((range.Rows - 1) * range.RowBytes);
            range.Output[range.Rows - 1] = Dot(row, row, range.Input).First * scale;
        }
    }

    /// <summary>Each 32 activations: the even ones of the first 16, those of the second, the odd ones of the first, those of the second.</summary>
    public static void Reorder(in InputView view)
    {
        var order = Vector512.Create(
            (short)0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
        for (var group = 0; group < view.Groups; group++)
        {
            var values = Vector512.Load(view.Quantised + (group * GroupLength));
            Avx512BW.PermuteVar32x16(values, order).Store(view.Reordered + (group * GroupLength));
        }
    }

    private static (float First, float Second) Dot(byte* first, byte* second, in InputView input)
    {
        var activations = input.Reordered;
        var sums = input.Sums;
        var (lowShift, highShift, nibble) = Constants();
        var (sum0, sum1) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var (offset0, offset1) = (Vector128<float>.Zero, Vector128<float>.Zero);
        for (var end = sums + input.Groups; sums < end; sums++, first += BlockBytes, second += BlockBytes, activations += GroupLength)
        {
            var (scale0, scale1) = (Vector128.CreateScalarUnsafe(Scale(first)), Vector128.CreateScalarUnsafe(Scale(second)));
            var (lower, upper) = (Vector256.Load(activations), Vector256.Load(activations + 16));
            var sum = Vector128.CreateScalarUnsafe(*sums);
            var words = Avx2.BroadcastVector128ToVector256((ushort*)(first + 2));
            var products = Avx2.MultiplyAddAdjacent((Avx512BW.VL.ShiftRightLogicalVariable(words, lowShift) & nibble).AsInt16(), lower)
                + Avx2.MultiplyAddAdjacent((Avx512BW.VL.ShiftRightLogicalVariable(words, highShift) & nibble).AsInt16(), upper);
            sum0 = Fma.MultiplyAdd(Avx2.BroadcastScalarToVector256(scale0), Vector256.ConvertToSingle(products), sum0);
            offset0 = Fma.MultiplyAddScalar(scale0, sum, offset0);
            words = Avx2.BroadcastVector128ToVector256((ushort*)(second + 2));
            products = Avx2.MultiplyAddAdjacent((Avx512BW.VL.ShiftRightLogicalVariable(words, lowShift) & nibble).AsInt16(), lower)
                + Avx2.MultiplyAddAdjacent((Avx512BW.VL.ShiftRightLogicalVariable(words, highShift) & nibble).AsInt16(), upper);
            sum1 = Fma.MultiplyAdd(Avx2.BroadcastScalarToVector256(scale1), Vector256.ConvertToSingle(products), sum1);
            offset1 = Fma.MultiplyAddScalar(scale1, sum, offset1);
        }

        // The integers are less 8.
        return (
            (Vector256.Sum(sum0) - (8f * offset0.ToScalar())) * FloatBits.HalfScale,
            (Vector256.Sum(sum1) - (8f * offset1.ToScalar())) * FloatBits.HalfScale);
    }

    private static (Vector256<ushort> Low, Vector256<ushort> High, Vector256<ushort> Nibble) Constants()
    {
        fixed (ushort* shifts = Shifts)
        {
            return (Vector256.Load(shifts), Vector256.Load(shifts + 16), Vector256.Create((ushort)15));
        }
    }

    // Times 2 to the -112th, which is made up for once a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Scale(byte* block) => FloatBits.HalfBits(*(ushort*)block);
}
