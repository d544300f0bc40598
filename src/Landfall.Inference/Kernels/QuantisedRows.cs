using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Landfall.Inference.Tensors;

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

/// <summary>Rows times vectors, a few at most: a row is read from memory once.</summary>
internal static unsafe class QuantisedRows<TReader, TShorts, TInts, TFloat>
    where TReader : IRowReader
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    private const int GroupLength = InputView.GroupLength;

    /// <summary>One vector.</summary>
    public static void Vector(in RowRange range, TensorType type)
    {
        var (columns, scale) = (range.Input.Columns, range.Input.Scales[0]);
        var activations = range.Input.Quantised;
        var sums = range.Input.Sums;
        var row = range.Weights;
        var output = range.Output;
        for (var index = 0; index < range.Rows; index++, row += range.RowBytes)
        {
            output[index] = TReader.Dot(row, columns, activations, sums) * scale;
        }
    }

    /// <summary>Vectors by fours, rows by twos.</summary>
    public static void Vectors(in RowRange range, TensorType type)
    {
        var (columns, groups) = (range.Input.Columns, range.Input.Groups);
        var scales = KernelScratch.Floats((2 * columns / 2) + (4 * groups));
        var minima = scales + (2 * groups);
        var values = (short*)(minima + (2 * groups));
        for (var row = 0; row < range.Rows; row += 2)
        {
            var two = row + 1 < range.Rows;
            TReader.Unpack(range.Weights + (row * range.RowBytes), columns, values, scales, minima);
            if (two)
            {
                TReader.Unpack(range.Weights + ((row + 1) * range.RowBytes), columns, values + columns, scales + groups, minima + groups);
            }

            var token = 0;
            for (; token <= range.Input.Tokens - 4; token += 4)
            {
                Four(range, row, two, token, values, scales, minima);
            }

            for (; token < range.Input.Tokens; token++)
            {
                One(range, row, token, values, scales, minima);
                if (two)
                {
                    One(range, row + 1, token, values + columns, scales + groups, minima + groups);
                }
            }
        }
    }

    private static void Four(in RowRange range, int row, bool two, int token, short* values, float* scales, float* minima)
    {
        var (columns, groups) = (range.Input.Columns, range.Input.Groups);
        var activations = range.Input.Quantised + ((nint)token * columns);
        var zero = TFloat.Create(0f);
        var (sum00, sum01, sum02, sum03) = (zero, zero, zero, zero);
        var (sum10, sum11, sum12, sum13) = (zero, zero, zero, zero);
        var second = two ? columns : 0;
        var secondScales = two ? groups : 0;
        for (var group = 0; group < groups; group++, values += GroupLength, activations += GroupLength)
        {
            var (weights0, weights1) = (TShorts.Load(values), TShorts.Load(values + second));
            var (scale0, scale1) = (TFloat.Create(scales[group]), TFloat.Create(scales[group + secondScales]));
            sum00 = Add(weights0, activations, scale0, sum00);
            sum10 = Add(weights1, activations, scale1, sum10);
            sum01 = Add(weights0, activations + columns, scale0, sum01);
            sum11 = Add(weights1, activations + columns, scale1, sum11);
            sum02 = Add(weights0, activations + (2 * columns), scale0, sum02);
            sum12 = Add(weights1, activations + (2 * columns), scale1, sum12);
            sum03 = Add(weights0, activations + (3 * columns), scale0, sum03);
            sum13 = Add(weights1, activations + (3 * columns), scale1, sum13);
        }

        // All vectors end here, before any call: those that lived on would be kept in memory, and within the loop too.
        var (result00, result01, result02, result03) = (sum00.Sum(), sum01.Sum(), sum02.Sum(), sum03.Sum());
        var (result10, result11, result12, result13) = (sum10.Sum(), sum11.Sum(), sum12.Sum(), sum13.Sum());
        Finish(range, row, token, minima, result00, result01, result02, result03);
        if (two)
        {
            Finish(range, row + 1, token, minima + groups, result10, result11, result12, result13);
        }
    }

    private static void Finish(in RowRange range, int row, int token, float* minima, float first, float second, float third, float fourth)
    {
        Finish(range, row, token, first, minima);
        Finish(range, row, token + 1, second, minima);
        Finish(range, row, token + 2, third, minima);
        Finish(range, row, token + 3, fourth, minima);
    }

    private static void One(in RowRange range, int row, int token, short* values, float* scales, float* minima)
    {
        var groups = range.Input.Groups;
        var activations = range.Input.Quantised + ((nint)token * range.Input.Columns);
        var (even, odd) = (TFloat.Create(0f), TFloat.Create(0f));
        var group = 0;
        for (; group < groups - 1; group += 2)
        {
            even = Add(TShorts.Load(values + (group * GroupLength)), activations + (group * GroupLength), TFloat.Create(scales[group]), even);
            odd = Add(
                TShorts.Load(values + ((group + 1) * GroupLength)), activations + ((group + 1) * GroupLength), TFloat.Create(scales[group + 1]), odd);
        }

        if (group < groups)
        {
            even = Add(TShorts.Load(values + (group * GroupLength)), activations + (group * GroupLength), TFloat.Create(scales[group]), even);
        }

        Finish(range, row, token, (even + odd).Sum(), minima);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TFloat Add(TShorts weights, short* activations, TFloat scale, TFloat sum) =>
        TFloat.MultiplyAdd(TShorts.ToFloat(TShorts.MultiplyAdd(weights, activations, default)), scale, sum);

    private static void Finish(in RowRange range, int row, int token, float sum, float* minima)
    {
        if (TReader.HasMinimum)
        {
            var groups = range.Input.Groups;
            sum += System.Numerics.Tensors.TensorPrimitives.Dot(
                new ReadOnlySpan<float>(minima, groups), new ReadOnlySpan<float>(range.Input.Sums + ((nint)token * groups), groups));
        }

        range.Output[((nint)token * range.Stride) + row] = sum * range.Input.Scales[token];
    }
}
