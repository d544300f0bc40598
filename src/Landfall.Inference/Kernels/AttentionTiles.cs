namespace Landfall.Inference.Kernels;

/// <summary>Up to four rows times the keys of a page, and times its values: each load serves all rows.</summary>
internal static unsafe class AttentionTiles<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    /// <summary>Rows at once.</summary>
    public const int Rows = 4;

    private const int PageLength = KeyValueLayout.PageLength;

    public static void Scores<TElement>(float* queries, int size, int tile, byte* keys, int first, int last, float* scores)
        where TElement : IElement<TVector>
    {
        var strip = 2 * TVector.Width;
        for (var position = first / strip * strip; position < last; position += strip)
        {
            if (tile == 1)
            {
                Scores1<TElement>(queries, size, keys, position, scores);
                continue;
            }

            if (tile == 2)
            {
                Scores2<TElement>(queries, queries + size, size, keys, position, scores);
                continue;
            }

            // Of three rows the last stands in for the one that is not there.
            Scores4<TElement>(queries, queries + size, queries + (2 * size), queries + ((tile - 1) * size), size, keys, position, scores);
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

    private static void Scores2<TElement>(float* query0, float* query1, int size, byte* keys, int position, float* scores)
        where TElement : IElement<TVector>
    {
        var zero = TVector.Create(0f);
        var (sum00, sum01, sum10, sum11) = (zero, zero, zero, zero);
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
        }

        scores += position;
        sum00.Store(scores);
        sum01.Store(scores + TVector.Width);
        sum10.Store(scores + PageLength);
        sum11.Store(scores + PageLength + TVector.Width);
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

    public static void Combine<TElement>(
        in AttentionCall call, int row, int tile, byte* values, int first, int last, float* weights, float* corrections)
        where TElement : IElement<TVector>
    {
        var size = call.HeadSize;
        if (tile > 1 && size % (2 * TVector.Width) == 0)
        {
            if (tile == 2)
            {
                Combine2<TElement>(call, row, values, first, last, weights, corrections);
            }
            else
            {
                Combine4<TElement>(call, row, tile - 1, values, first, last, weights, corrections);
            }

            return;
        }

        for (var index = 0; index < tile; index++)
        {
            Combine1<TElement>(call.Output + call.Offset(row + index), size, values, first, last, weights + (index * PageLength), corrections[index]);
        }
    }

    private static void Combine4<TElement>(in AttentionCall call, int row, int most, byte* values, int first, int last, float* weights, float* corrections)
        where TElement : IElement<TVector>
    {
        var size = call.HeadSize;

        // Where there are only three rows, the last is computed twice.
        var weights1 = weights + PageLength;
        var weights2 = weights1 + PageLength;
        var weights3 = weights + (most * PageLength);
        for (var dimension = 0; dimension < size; dimension += 2 * TVector.Width)
        {
            var output0 = call.Output + call.Offset(row) + dimension;
            var output1 = call.Output + call.Offset(row + 1) + dimension;
            var output2 = call.Output + call.Offset(row + 2) + dimension;
            var output3 = call.Output + call.Offset(row + most) + dimension;
            var correction = TVector.Create(corrections[0]);
            var (sum00, sum01) = (TVector.Load(output0) * correction, TVector.Load(output0 + TVector.Width) * correction);
            correction = TVector.Create(corrections[1]);
            var (sum10, sum11) = (TVector.Load(output1) * correction, TVector.Load(output1 + TVector.Width) * correction);
            correction = TVector.Create(corrections[2]);
            var (sum20, sum21) = (TVector.Load(output2) * correction, TVector.Load(output2 + TVector.Width) * correction);
            correction = TVector.Create(corrections[most]);
            var (sum30, sum31) = (TVector.Load(output3) * correction, TVector.Load(output3 + TVector.Width) * correction);
            for (var position = first; position < last; position++)
            {
                var value0 = TElement.Load(values, (position * size) + dimension);
                var value1 = TElement.Load(values, (position * size) + dimension + TVector.Width);
                var weight = TVector.Create(weights[position]);
                sum00 = TVector.MultiplyAdd(weight, value0, sum00);
                sum01 = TVector.MultiplyAdd(weight, value1, sum01);
                weight = TVector.Create(weights1[position]);
                sum10 = TVector.MultiplyAdd(weight, value0, sum10);
                sum11 = TVector.MultiplyAdd(weight, value1, sum11);
                weight = TVector.Create(weights2[position]);
                sum20 = TVector.MultiplyAdd(weight, value0, sum20);
                sum21 = TVector.MultiplyAdd(weight, value1, sum21);
                weight = TVector.Create(weights3[position]);
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

    private static void Combine2<TElement>(in AttentionCall call, int row, byte* values, int first, int last, float* weights, float* corrections)
        where TElement : IElement<TVector>
    {
        var size = call.HeadSize;
        for (var dimension = 0; dimension < size; dimension += 2 * TVector.Width)
        {
            var output0 = call.Output + call.Offset(row) + dimension;
            var output1 = call.Output + call.Offset(row + 1) + dimension;
            var correction = TVector.Create(corrections[0]);
            var (sum00, sum01) = (TVector.Load(output0) * correction, TVector.Load(output0 + TVector.Width) * correction);
            correction = TVector.Create(corrections[1]);
            var (sum10, sum11) = (TVector.Load(output1) * correction, TVector.Load(output1 + TVector.Width) * correction);
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
            }

            sum00.Store(output0);
            sum01.Store(output0 + TVector.Width);
            sum10.Store(output1);
            sum11.Store(output1 + TVector.Width);
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
}
