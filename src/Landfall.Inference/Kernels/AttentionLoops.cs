using System.Runtime.CompilerServices;

namespace Landfall.Inference.Kernels;

/// <summary>
/// Attention in one pass over the pages with a running maximum and sum (Milakov and Gimelshein, arXiv 1805.02867; Dao et al.,
/// arXiv 2205.14135). A row is one query head of one token; four rows share each load of keys and values.
/// </summary>
internal static unsafe class AttentionLoops<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    private const int PageLength = KeyValueLayout.PageLength;
    private const int BlockRows = 32;
    private const int TileRows = 4;

    public static void Attend(in AttentionCall call)
    {
        var rows = call.Tokens * call.Group;
        for (var row = 0; row < rows; row += BlockRows)
        {
            AttendBlock(call, row, Math.Min(BlockRows, rows - row));
        }
    }

    [SkipLocalsInit]
    private static void AttendBlock(in AttentionCall call, int firstRow, int rows)
    {
        var maxima = stackalloc float[BlockRows];
        var sums = stackalloc float[BlockRows];
        new Span<float>(maxima, BlockRows).Fill(float.NegativeInfinity);
        new Span<float>(sums, BlockRows).Clear();
        for (var row = 0; row < rows; row++)
        {
            new Span<float>(call.Output + call.Offset(firstRow + row), call.HeadSize).Clear();
        }

        var end = call.End(firstRow + rows - 1);
        var firstPage = call.Begin(firstRow) / PageLength;
        if (call.Shape.Layout.Half && rows > TileRows)
        {
            AttendUnpacked(call, firstRow, rows, firstPage, end, maxima, sums);
        }
        else
        {
            for (var page = firstPage; page * PageLength < end; page++)
            {
                if (call.Shape.Layout.Half)
                {
                    AttendPage<HalfElement<TVector>>(call, firstRow, rows, page, call.Keys(page), call.Values(page), maxima, sums);
                }
                else
                {
                    AttendPage<SingleElement<TVector>>(call, firstRow, rows, page, call.Keys(page), call.Values(page), maxima, sums);
                }
            }
        }

        for (var row = 0; row < rows; row++)
        {
            Scale(call.Output + call.Offset(firstRow + row), 1f / sums[row], call.HeadSize);
        }
    }

    // Many rows: halves are widened once for all of them.
    private static void AttendUnpacked(in AttentionCall call, int firstRow, int rows, int firstPage, int end, float* maxima, float* sums)
    {
        var count = call.HeadSize * PageLength;
        var buffer = KernelScratch.Floats(2 * count);
        for (var page = firstPage; page * PageLength < end; page++)
        {
            var keys = (ushort*)call.Keys(page);
            var values = (ushort*)call.Values(page);
            var visible = Math.Min(PageLength, end - (page * PageLength)) * call.HeadSize;
            for (var index = 0; index < count; index += TVector.Width)
            {
                TVector.LoadHalf(keys + index).Store(buffer + index);
            }

            for (var index = 0; index < visible; index += TVector.Width)
            {
                TVector.LoadHalf(values + index).Store(buffer + count + index);
            }

            AttendPage<SingleElement<TVector>>(call, firstRow, rows, page, (byte*)buffer, (byte*)(buffer + count), maxima, sums);
        }
    }

    [SkipLocalsInit]
    private static void AttendPage<TElement>(
        in AttentionCall call, int firstRow, int rows, int page, byte* keys, byte* values, float* maxima, float* sums)
        where TElement : IElement<TVector>
    {
        var weights = stackalloc float[TileRows * PageLength];
        var corrections = stackalloc float[TileRows];
        for (var row = 0; row < rows; row += TileRows)
        {
            var tile = Math.Min(TileRows, rows - row);
            var first = Math.Max(call.Begin(firstRow + row) - (page * PageLength), 0);
            var last = Math.Min(call.End(firstRow + row + tile - 1) - (page * PageLength), PageLength);
            if (last <= first)
            {
                continue;
            }

            Scores<TElement>(call, firstRow + row, tile, keys, first, last, weights);
            for (var index = 0; index < tile; index++)
            {
                var begin = Math.Max(call.Begin(firstRow + row + index) - (page * PageLength), first);
                var end = Math.Min(call.End(firstRow + row + index) - (page * PageLength), last);
                corrections[index] = Weigh(
                    weights + (index * PageLength), begin, end, first, last, call.Shape.Scale, ref maxima[row + index], ref sums[row + index]);
            }

            Combine<TElement>(call, firstRow + row, tile, values, first, last, weights, corrections);
        }
    }

    private static void Scores<TElement>(in AttentionCall call, int row, int tile, byte* keys, int first, int last, float* scores)
        where TElement : IElement<TVector>
    {
        var strip = 2 * TVector.Width;
        for (var position = first / strip * strip; position < last; position += strip)
        {
            if (tile == TileRows)
            {
                Scores4<TElement>(
                    call.Queries + call.Offset(row), call.Queries + call.Offset(row + 1), call.Queries + call.Offset(row + 2),
                    call.Queries + call.Offset(row + 3), call.HeadSize, keys, position, scores);
                continue;
            }

            for (var index = 0; index < tile; index++)
            {
                Scores1<TElement>(call.Queries + call.Offset(row + index), call.HeadSize, keys, position, scores + (index * PageLength));
            }
        }
    }

    private static void Scores4<TElement>(
        float* query0, float* query1, float* query2, float* query3, int size, byte* keys, int position, float* scores)
        where TElement : IElement<TVector>
    {
        var zero = TVector.Create(0f);
        var (sum00, sum01, sum10, sum11) = (zero, zero, zero, zero);
        var (sum20, sum21, sum30, sum31) = (zero, zero, zero, zero);
        for (var dimension = 0; dimension < size; dimension++)
        {
            var key0 = TElement.Load(keys, (dimension * PageLength) + position);
            var key1 = TElement.Load(keys, (dimension * PageLength) + position + TVector.Width);
            var query = TVector.Create(query0[dimension]);
            sum00 = TVector.MultiplyAdd(query, key0, sum00);
            sum01 = TVector.MultiplyAdd(query, key1, sum01);
            query = TVector.Create(query1[dimension]);
            sum10 = TVector.MultiplyAdd(query, key0, sum10);
            sum11 = TVector.MultiplyAdd(query, key1, sum11);
            query = TVector.Create(query2[dimension]);
            sum20 = TVector.MultiplyAdd(query, key0, sum20);
            sum21 = TVector.MultiplyAdd(query, key1, sum21);
            query = TVector.Create(query3[dimension]);
            sum30 = TVector.MultiplyAdd(query, key0, sum30);
            sum31 = TVector.MultiplyAdd(query, key1, sum31);
        }

        scores += position;
        sum00.Store(scores);
        sum01.Store(scores + TVector.Width);
        sum10.Store(scores + PageLength);
        sum11.Store(scores + PageLength + TVector.Width);
        sum20.Store(scores + (2 * PageLength));
        sum21.Store(scores + (2 * PageLength) + TVector.Width);
        sum30.Store(scores + (3 * PageLength));
        sum31.Store(scores + (3 * PageLength) + TVector.Width);
    }

    private static void Scores1<TElement>(float* query, int size, byte* keys, int position, float* scores)
        where TElement : IElement<TVector>
    {
        var (sum0, sum1) = (TVector.Create(0f), TVector.Create(0f));
        for (var dimension = 0; dimension < size; dimension++)
        {
            var value = TVector.Create(query[dimension]);
            sum0 = TVector.MultiplyAdd(value, TElement.Load(keys, (dimension * PageLength) + position), sum0);
            sum1 = TVector.MultiplyAdd(value, TElement.Load(keys, (dimension * PageLength) + position + TVector.Width), sum1);
        }

        sum0.Store(scores + position);
        sum1.Store(scores + position + TVector.Width);
    }

    /// <summary>Makes scores in <c>[begin, end)</c> into weights, 0 in the rest of <c>[first, last)</c>; returns what the sums so far are multiplied by.</summary>
    private static float Weigh(float* scores, int begin, int end, int first, int last, float scale, ref float maximum, ref float sum)
    {
        if (end <= begin)
        {
            new Span<float>(scores + first, last - first).Clear();
            return 1f;
        }

        var from = first / TVector.Width * TVector.Width;
        var to = (last + TVector.Width - 1) / TVector.Width * TVector.Width;
        new Span<float>(scores + from, begin - from).Fill(float.NegativeInfinity);
        new Span<float>(scores + end, to - end).Fill(float.NegativeInfinity);
        var largest = TVector.Load(scores + from);
        for (var index = from + TVector.Width; index < to; index += TVector.Width)
        {
            largest = TVector.Max(largest, TVector.Load(scores + index));
        }

        var newMaximum = Math.Max(maximum, largest.Largest() * scale);
        var total = TVector.Create(0f);
        for (var index = from; index < to; index += TVector.Width)
        {
            var shifted = TVector.MultiplyAdd(TVector.Load(scores + index), TVector.Create(scale), TVector.Create(-newMaximum));
            var weight = VectorLoops<TVector>.Exp(shifted);
            weight.Store(scores + index);
            total += weight;
        }

        // The exponential ends at the smallest normal number: what is masked must be 0 exactly.
        new Span<float>(scores + from, begin - from).Clear();
        new Span<float>(scores + end, to - end).Clear();
        var correction = MathF.Exp(maximum - newMaximum);
        sum = (sum * correction) + total.Sum();
        maximum = newMaximum;
        return correction;
    }

    private static void Combine<TElement>(
        in AttentionCall call, int row, int tile, byte* values, int first, int last, float* weights, float* corrections)
        where TElement : IElement<TVector>
    {
        var size = call.HeadSize;
        for (var index = 0; index < tile; index++)
        {
            if (tile == TileRows && size % (2 * TVector.Width) == 0)
            {
                Combine4<TElement>(call, row, values, first, last, weights, corrections);
                return;
            }

            Combine1<TElement>(call.Output + call.Offset(row + index), size, values, first, last, weights + (index * PageLength), corrections[index]);
        }
    }

    private static void Combine4<TElement>(in AttentionCall call, int row, byte* values, int first, int last, float* weights, float* corrections)
        where TElement : IElement<TVector>
    {
        var size = call.HeadSize;
        for (var dimension = 0; dimension < size; dimension += 2 * TVector.Width)
        {
            var output0 = call.Output + call.Offset(row) + dimension;
            var output1 = call.Output + call.Offset(row + 1) + dimension;
            var output2 = call.Output + call.Offset(row + 2) + dimension;
            var output3 = call.Output + call.Offset(row + 3) + dimension;
            var correction = TVector.Create(corrections[0]);
            var (sum00, sum01) = (TVector.Load(output0) * correction, TVector.Load(output0 + TVector.Width) * correction);
            correction = TVector.Create(corrections[1]);
            var (sum10, sum11) = (TVector.Load(output1) * correction, TVector.Load(output1 + TVector.Width) * correction);
            correction = TVector.Create(corrections[2]);
            var (sum20, sum21) = (TVector.Load(output2) * correction, TVector.Load(output2 + TVector.Width) * correction);
            correction = TVector.Create(corrections[3]);
            var (sum30, sum31) = (TVector.Load(output3) * correction, TVector.Load(output3 + TVector.Width) * correction);
            for (var position = first; position < last; position++)
            {
                var value0 = TElement.Load(values, (position * size) + dimension);
                var value1 = TElement.Load(values, (position * size) + dimension + TVector.Width);
                var weight = TVector.Create(weights[position]);
                sum00 = TVector.MultiplyAdd(weight, value0, sum00);
                sum01 = TVector.MultiplyAdd(weight, value1, sum01);
                weight = TVector.Create(weights[position + PageLength]);
                sum10 = TVector.MultiplyAdd(weight, value0, sum10);
                sum11 = TVector.MultiplyAdd(weight, value1, sum11);
                weight = TVector.Create(weights[position + (2 * PageLength)]);
                sum20 = TVector.MultiplyAdd(weight, value0, sum20);
                sum21 = TVector.MultiplyAdd(weight, value1, sum21);
                weight = TVector.Create(weights[position + (3 * PageLength)]);
                sum30 = TVector.MultiplyAdd(weight, value0, sum30);
                sum31 = TVector.MultiplyAdd(weight, value1, sum31);
            }

            sum00.Store(output0);
            sum01.Store(output0 + TVector.Width);
            sum10.Store(output1);
            sum11.Store(output1 + TVector.Width);
            sum20.Store(output2);
            sum21.Store(output2 + TVector.Width);
            sum30.Store(output3);
            sum31.Store(output3 + TVector.Width);
        }
    }

    private static void Combine1<TElement>(float* output, int size, byte* values, int first, int last, float* weights, float correction)
        where TElement : IElement<TVector>
    {
        var dimension = 0;
        for (; dimension <= size - (2 * TVector.Width); dimension += 2 * TVector.Width)
        {
            var sum0 = TVector.Load(output + dimension) * TVector.Create(correction);
            var sum1 = TVector.Load(output + dimension + TVector.Width) * TVector.Create(correction);
            for (var position = first; position < last; position++)
            {
                var weight = TVector.Create(weights[position]);
                sum0 = TVector.MultiplyAdd(weight, TElement.Load(values, (position * size) + dimension), sum0);
                sum1 = TVector.MultiplyAdd(weight, TElement.Load(values, (position * size) + dimension + TVector.Width), sum1);
            }

            sum0.Store(output + dimension);
            sum1.Store(output + dimension + TVector.Width);
        }

        for (; dimension < size; dimension++)
        {
            var sum = output[dimension] * correction;
            for (var position = first; position < last; position++)
            {
                sum += weights[position] * TElement.LoadOne(values, (position * size) + dimension);
            }

            output[dimension] = sum;
        }
    }

    private static void Scale(float* values, float factor, int count)
    {
        for (var index = 0; index < count; index++)
        {
            values[index] *= factor;
        }
    }
}

/// <summary>How one number of a page is read.</summary>
internal unsafe interface IElement<TVector>
{
    static abstract TVector Load(byte* source, int index);

    static abstract float LoadOne(byte* source, int index);
}

/// <summary>Singles.</summary>
internal readonly unsafe struct SingleElement<TVector> : IElement<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(byte* source, int index) => TVector.Load((float*)source + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(byte* source, int index) => ((float*)source)[index];
}

/// <summary>Halves.</summary>
internal readonly unsafe struct HalfElement<TVector> : IElement<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(byte* source, int index) => TVector.LoadHalf((ushort*)source + index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadOne(byte* source, int index) => FloatBits.FromHalf(((ushort*)source)[index]);
}
