using System.Runtime.CompilerServices;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>How floating-point weights are widened to singles.</summary>
internal unsafe interface IFloatReader<TVector>
{
    static abstract int Bytes { get; }

    static abstract TVector Load(byte* source);

    static abstract float LoadOne(byte* source);
}

/// <summary>Singles.</summary>
internal readonly unsafe struct SingleReader<TVector> : IFloatReader<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(byte* source) => TVector.Load((float*)source);

    public static float LoadOne(byte* source) => *(float*)source;
}

/// <summary>Halves.</summary>
internal readonly unsafe struct HalfReader<TVector> : IFloatReader<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(byte* source) => TVector.LoadHalf((ushort*)source);

    public static float LoadOne(byte* source) => FloatBits.FromHalf(*(ushort*)source);
}

/// <summary>Upper halves of singles.</summary>
internal readonly unsafe struct BFloat16Reader<TVector> : IFloatReader<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(byte* source) => TVector.LoadBFloat16((ushort*)source);

    public static float LoadOne(byte* source) => FloatBits.FromBFloat16(*(ushort*)source);
}

/// <summary>Rows of floating-point weights times vectors, a few at most: a row is read from memory once.</summary>
internal static unsafe class FloatRows<TReader, TVector>
    where TReader : IFloatReader<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    /// <summary>One vector.</summary>
    public static void Vector(in RowRange range, TensorType type)
    {
        var row = range.Weights;
        for (var index = 0; index < range.Rows; index++, row += range.RowBytes)
        {
            range.Output[index] = Dot(row, range.Input.Columns, range.Input.Values);
        }
    }

    /// <summary>Vectors by fours, rows by twos.</summary>
    public static void Vectors(in RowRange range, TensorType type)
    {
        for (var row = 0; row < range.Rows; row += 2)
        {
            var weights = range.Weights + (row * range.RowBytes);
            var two = row + 1 < range.Rows;
            var token = 0;
            for (; token <= range.Input.Tokens - 4 && two; token += 4)
            {
                TwoByFour(range, weights, row, token);
            }

            for (; token < range.Input.Tokens; token++)
            {
                var values = range.Input.Values + ((nint)token * range.Input.Columns);
                var output = range.Output + ((nint)token * range.Stride) + row;
                output[0] = Dot(weights, range.Input.Columns, values);
                if (two)
                {
                    output[1] = Dot(weights + range.RowBytes, range.Input.Columns, values);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(byte* row, int columns, float* values)
    {
        var zero = TVector.Create(0f);
        var (sum0, sum1, sum2, sum3) = (zero, zero, zero, zero);
        var (width, bytes) = (TVector.Width, TVector.Width * TReader.Bytes);
        var column = 0;
        for (; column <= columns - (4 * width); column += 4 * width, row += 4 * bytes)
        {
            sum0 = TVector.MultiplyAdd(TReader.Load(row), TVector.Load(values + column), sum0);
            sum1 = TVector.MultiplyAdd(TReader.Load(row + bytes), TVector.Load(values + column + width), sum1);
            sum2 = TVector.MultiplyAdd(TReader.Load(row + (2 * bytes)), TVector.Load(values + column + (2 * width)), sum2);
            sum3 = TVector.MultiplyAdd(TReader.Load(row + (3 * bytes)), TVector.Load(values + column + (3 * width)), sum3);
        }

        for (; column <= columns - width; column += width, row += bytes)
        {
            sum0 = TVector.MultiplyAdd(TReader.Load(row), TVector.Load(values + column), sum0);
        }

        return (sum0 + sum1 + (sum2 + sum3)).Sum() + Tail(row, columns - column, values + column);
    }

    private static void TwoByFour(in RowRange range, byte* weights, int row, int token)
    {
        var columns = range.Input.Columns;
        var values = range.Input.Values + ((nint)token * columns);
        var zero = TVector.Create(0f);
        var (sum00, sum01, sum02, sum03) = (zero, zero, zero, zero);
        var (sum10, sum11, sum12, sum13) = (zero, zero, zero, zero);
        var column = 0;
        for (; column <= columns - TVector.Width; column += TVector.Width)
        {
            var weights0 = TReader.Load(weights + ((nint)column * TReader.Bytes));
            var weights1 = TReader.Load(weights + range.RowBytes + ((nint)column * TReader.Bytes));
            var value = TVector.Load(values + column);
            sum00 = TVector.MultiplyAdd(weights0, value, sum00);
            sum10 = TVector.MultiplyAdd(weights1, value, sum10);
            value = TVector.Load(values + columns + column);
            sum01 = TVector.MultiplyAdd(weights0, value, sum01);
            sum11 = TVector.MultiplyAdd(weights1, value, sum11);
            value = TVector.Load(values + (2 * columns) + column);
            sum02 = TVector.MultiplyAdd(weights0, value, sum02);
            sum12 = TVector.MultiplyAdd(weights1, value, sum12);
            value = TVector.Load(values + (3 * columns) + column);
            sum03 = TVector.MultiplyAdd(weights0, value, sum03);
            sum13 = TVector.MultiplyAdd(weights1, value, sum13);
        }

        var output = range.Output + ((nint)token * range.Stride) + row;
        Finish(range, weights, column, values, output, sum00, sum10);
        Finish(range, weights, column, values + columns, output + range.Stride, sum01, sum11);
        Finish(range, weights, column, values + (2 * columns), output + (2 * (nint)range.Stride), sum02, sum12);
        Finish(range, weights, column, values + (3 * columns), output + (3 * (nint)range.Stride), sum03, sum13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(in RowRange range, byte* weights, int column, float* values, float* output, TVector first, TVector second)
    {
        var (rest, offset) = (range.Input.Columns - column, (nint)column * TReader.Bytes);
        output[0] = first.Sum() + Tail(weights + offset, rest, values + column);
        output[1] = second.Sum() + Tail(weights + range.RowBytes + offset, rest, values + column);
    }

    private static float Tail(byte* row, int count, float* values)
    {
        var sum = 0f;
        for (var index = 0; index < count; index++, row += TReader.Bytes)
        {
            sum += TReader.LoadOne(row) * values[index];
        }

        return sum;
    }
}
