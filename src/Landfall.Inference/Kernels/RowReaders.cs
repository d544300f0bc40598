using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Landfall.Inference.Kernels;

/// <summary>How rows of a quantised type are read.</summary>
internal unsafe interface IRowReader
{
    /// <summary>Whether values have a minimum, or an offset, to be added to them.</summary>
    static abstract bool HasMinimum { get; }

    /// <summary>A row's product with one quantised vector, without the vector's scale.</summary>
    static abstract float Dot(byte* row, int columns, short* activations, float* sums);

    /// <summary>Makes columns into 16-bit integers, a scale and a minimum for each 32.</summary>
    static abstract void Unpack(byte* row, int columns, short* values, float* scales, float* minima);
}

/// <summary>Rows of small blocks.</summary>
internal readonly unsafe struct SmallBlockReader<TBlock, TShorts, TInts, TFloat> : IRowReader
    where TBlock : ISmallBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    private const int Length = InputView.GroupLength;

    public static bool HasMinimum => TBlock.HasMinimum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(byte* row, int columns, short* activations, float* sums)
    {
        var (even, odd) = (TFloat.Create(0f), TFloat.Create(0f));
        var minima = 0f;
        var group = 0;
        for (; group < (columns / Length) - 1; group += 2, row += 2 * TBlock.Bytes, activations += 2 * Length)
        {
            even = Add(row, activations, even);
            odd = Add(row + TBlock.Bytes, activations + Length, odd);
            if (TBlock.HasMinimum)
            {
                minima += (TBlock.Minimum(row) * sums[group]) + (TBlock.Minimum(row + TBlock.Bytes) * sums[group + 1]);
            }
        }

        if (group < columns / Length)
        {
            even = Add(row, activations, even);
            minima += TBlock.HasMinimum ? TBlock.Minimum(row) * sums[group] : 0f;
        }

        return (even + odd).Sum() + minima;
    }

    public static void Unpack(byte* row, int columns, short* values, float* scales, float* minima)
    {
        for (var group = 0; group < columns / Length; group++, row += TBlock.Bytes)
        {
            TBlock.Read(row).Store(values + (group * Length));
            scales[group] = TBlock.Scale(row);
            if (TBlock.HasMinimum)
            {
                minima[group] = TBlock.Minimum(row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Add(byte* block, short* activations, TFloat sum) =>
        TFloat.MultiplyAdd(TShorts.ToFloat(TShorts.MultiplyAdd(TBlock.Read(block), activations, default)), TFloat.Create(TBlock.Scale(block)), sum);
}

/// <summary>Rows of blocks of 256.</summary>
internal readonly unsafe struct KBlockReader<TBlock, TShorts, TInts, TFloat> : IRowReader
    where TBlock : IKBlock<TShorts, TInts, TFloat>
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    private const int Length = 256;
    private const int Groups = Length / InputView.GroupLength;

    public static bool HasMinimum => TBlock.HasMinimum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(byte* row, int columns, short* activations, float* sums)
    {
        var sum = TFloat.Create(0f);
        var minima = Vector128<float>.Zero;
        for (var block = 0; block < columns / Length; block++, row += TBlock.Bytes, activations += Length, sums += Groups)
        {
            sum = TFloat.MultiplyAdd(TShorts.ToFloat(TBlock.Dot(row, activations)), TFloat.Create(TBlock.Scale(row)), sum);
            if (TBlock.HasMinimum)
            {
                minima = Vector128.MultiplyAddEstimate(KScales.Dot(TBlock.Minima(row), sums), Vector128.Create(TBlock.MinimumScale(row)), minima);
            }
        }

        return sum.Sum() + Vector128.Sum(minima);
    }

    public static void Unpack(byte* row, int columns, short* values, float* scales, float* minima)
    {
        for (var block = 0; block < columns / Length; block++, row += TBlock.Bytes)
        {
            TBlock.Unpack(row, values + (block * Length));
            var (scale, minimum, bytes) = (TBlock.Scale(row), TBlock.MinimumScale(row), TBlock.Minima(row));
            for (var group = block * Groups; group < (block + 1) * Groups; group++, bytes >>= 8)
            {
                scales[group] = scale;
                if (TBlock.HasMinimum)
                {
                    minima[group] = minimum * (byte)bytes;
                }
            }
        }
    }
}
