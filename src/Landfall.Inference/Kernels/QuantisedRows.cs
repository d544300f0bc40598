using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>Rows times vectors, a few at most: a row is read from memory once.</summary>
internal static unsafe class QuantisedRows<TReader, TShorts, TInts, TFloat>
    where TReader : IRowReader
    where TShorts : struct, IShorts<TShorts, TInts, TFloat>
    where TInts : struct
    where TFloat : struct, IFloatVector<TFloat>
{
    private const int GroupLength = InputView.GroupLength;
    private const int MostRows = 4;

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

    /// <summary>Vectors by fours, rows by fours (by twos, where there are 16 registers only).</summary>
    public static void Vectors(in RowRange range, TensorType type)
    {
        var (columns, groups) = (range.Input.Columns, range.Input.Groups);
        var rows = new Unpacked(KernelScratch.Floats((MostRows * columns / 2) + (2 * MostRows * groups)), columns, groups);
        var most = TFloat.Width == 16 ? MostRows : MostRows / 2;
        for (var row = 0; row < range.Rows; row += most)
        {
            var count = Math.Min(most, range.Rows - row);
            for (var index = 0; index < count; index++)
            {
                TReader.Unpack(
                    range.Weights + ((row + index) * range.RowBytes), columns, rows.Values(index), rows.Scales(index), rows.Minima(index));
            }

            var token = 0;
            for (; token <= range.Input.Tokens - 4; token += 4)
            {
                if (count == MostRows)
                {
                    FourByFour(range, row, token, rows);
                    continue;
                }

                for (var index = 0; index < count; index += 2)
                {
                    TwoByFour(range, row, index, Math.Min(index + 1, count - 1), token, rows);
                }
            }

            for (; token < range.Input.Tokens; token++)
            {
                for (var index = 0; index < count; index++)
                {
                    One(range, row, index, token, rows);
                }
            }
        }
    }

    private static void FourByFour(in RowRange range, int row, int token, in Unpacked rows)
    {
        var columns = range.Input.Columns;
        var activations = range.Input.Quantised + ((nint)token * columns);
        var values0 = rows.Values(0);
        var scales0 = rows.Scales(0);
        var values1 = rows.Values(1);
        var scales1 = rows.Scales(1);
        var values2 = rows.Values(2);
        var scales2 = rows.Scales(2);
        var values3 = rows.Values(3);
        var scales3 = rows.Scales(3);
        var zero = TFloat.Create(0f);
        var (sum00, sum01, sum02, sum03) = (zero, zero, zero, zero);
        var (sum10, sum11, sum12, sum13) = (zero, zero, zero, zero);
        var (sum20, sum21, sum22, sum23) = (zero, zero, zero, zero);
        var (sum30, sum31, sum32, sum33) = (zero, zero, zero, zero);
        for (nint group = 0, at = 0; group < range.Input.Groups; group++, at += GroupLength)
        {
            var current = activations + at;
            var weights0 = TShorts.Load(values0 + at);
            var weights1 = TShorts.Load(values1 + at);
            var weights2 = TShorts.Load(values2 + at);
            var weights3 = TShorts.Load(values3 + at);
            var scale0 = TFloat.Create(scales0[group]);
            var scale1 = TFloat.Create(scales1[group]);
            var scale2 = TFloat.Create(scales2[group]);
            var scale3 = TFloat.Create(scales3[group]);
            sum00 = Add(weights0, current, scale0, sum00);
            sum10 = Add(weights1, current, scale1, sum10);
            sum20 = Add(weights2, current, scale2, sum20);
            sum30 = Add(weights3, current, scale3, sum30);
            current += columns;
            sum01 = Add(weights0, current, scale0, sum01);
            sum11 = Add(weights1, current, scale1, sum11);
            sum21 = Add(weights2, current, scale2, sum21);
            sum31 = Add(weights3, current, scale3, sum31);
            current += columns;
            sum02 = Add(weights0, current, scale0, sum02);
            sum12 = Add(weights1, current, scale1, sum12);
            sum22 = Add(weights2, current, scale2, sum22);
            sum32 = Add(weights3, current, scale3, sum32);
            current += columns;
            sum03 = Add(weights0, current, scale0, sum03);
            sum13 = Add(weights1, current, scale1, sum13);
            sum23 = Add(weights2, current, scale2, sum23);
            sum33 = Add(weights3, current, scale3, sum33);
        }

        // All vectors end here, before any call: those that lived on would be kept in memory, and within the loop too.
        var (result00, result01, result02, result03) = (sum00.Sum(), sum01.Sum(), sum02.Sum(), sum03.Sum());
        var (result10, result11, result12, result13) = (sum10.Sum(), sum11.Sum(), sum12.Sum(), sum13.Sum());
        var (result20, result21, result22, result23) = (sum20.Sum(), sum21.Sum(), sum22.Sum(), sum23.Sum());
        var (result30, result31, result32, result33) = (sum30.Sum(), sum31.Sum(), sum32.Sum(), sum33.Sum());
        Finish(range, row, token, rows.Minima(0), result00, result01, result02, result03);
        Finish(range, row + 1, token, rows.Minima(1), result10, result11, result12, result13);
        Finish(range, row + 2, token, rows.Minima(2), result20, result21, result22, result23);
        Finish(range, row + 3, token, rows.Minima(3), result30, result31, result32, result33);
    }

    private static void TwoByFour(in RowRange range, int row, int first, int second, int token, in Unpacked rows)
    {
        var columns = range.Input.Columns;
        var activations = range.Input.Quantised + ((nint)token * columns);
        var values0 = rows.Values(first);
        var scales0 = rows.Scales(first);
        var values1 = rows.Values(second);
        var scales1 = rows.Scales(second);
        var zero = TFloat.Create(0f);
        var (sum00, sum01, sum02, sum03) = (zero, zero, zero, zero);
        var (sum10, sum11, sum12, sum13) = (zero, zero, zero, zero);
        for (nint group = 0, at = 0; group < range.Input.Groups; group++, at += GroupLength)
        {
            var current = activations + at;
            var weights0 = TShorts.Load(values0 + at);
            var weights1 = TShorts.Load(values1 + at);
            var scale0 = TFloat.Create(scales0[group]);
            var scale1 = TFloat.Create(scales1[group]);
            sum00 = Add(weights0, current, scale0, sum00);
            sum10 = Add(weights1, current, scale1, sum10);
            current += columns;
            sum01 = Add(weights0, current, scale0, sum01);
            sum11 = Add(weights1, current, scale1, sum11);
            current += columns;
            sum02 = Add(weights0, current, scale0, sum02);
            sum12 = Add(weights1, current, scale1, sum12);
            current += columns;
            sum03 = Add(weights0, current, scale0, sum03);
            sum13 = Add(weights1, current, scale1, sum13);
        }

        // All vectors end here, before any call: those that lived on would be kept in memory, and within the loop too.
        var (result00, result01, result02, result03) = (sum00.Sum(), sum01.Sum(), sum02.Sum(), sum03.Sum());
        var (result10, result11, result12, result13) = (sum10.Sum(), sum11.Sum(), sum12.Sum(), sum13.Sum());
        Finish(range, row + first, token, rows.Minima(first), result00, result01, result02, result03);
        if (second == first)
        {
            return;
        }

        Finish(range, row + second, token, rows.Minima(second), result10, result11, result12, result13);
    }

    private static void Finish(in RowRange range, int row, int token, float* minima, float first, float second, float third, float fourth)
    {
        Finish(range, row, token, first, minima);
        Finish(range, row, token + 1, second, minima);
        Finish(range, row, token + 2, third, minima);
        Finish(range, row, token + 3, fourth, minima);
    }

    private static void One(in RowRange range, int row, int index, int token, in Unpacked rows)
    {
        var values = rows.Values(index);
        var scales = rows.Scales(index);
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

        Finish(range, row + index, token, (even + odd).Sum(), rows.Minima(index));
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

    /// <summary>A few rows as integers, scales and minima.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Unpacked(float* scratch, int columns, int groups)
    {
        public float* Scales(int row) => scratch + (row * groups);

        public float* Minima(int row) => scratch + ((MostRows + row) * groups);

        public short* Values(int row) => (short*)(scratch + (2 * MostRows * groups)) + (row * columns);
    }
}
