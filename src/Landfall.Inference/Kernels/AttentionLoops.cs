using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
    private const int TileRows = AttentionTiles<TVector>.Rows;

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
        var isHalf = call.Shape.Layout.Half && rows <= TileRows;
        var queries = stackalloc float[rows * call.HeadSize];
        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.Multiply(
                new ReadOnlySpan<float>(call.Queries + call.Offset(firstRow + row), call.HeadSize),
                call.Shape.Scale * (isHalf ? HalfElement<TVector>.Unit : 1f),
                new Span<float>(queries + (row * call.HeadSize), call.HeadSize));
        }

        var block = new Block(queries, maxima, sums, firstRow, rows);
        if (call.Shape.Layout.Half && !isHalf)
        {
            AttendUnpacked(call, block, firstPage, end);
        }
        else
        {
            for (var page = firstPage; page * PageLength < end; page++)
            {
                if (isHalf)
                {
                    AttendPage<HalfElement<TVector>>(call, block, page, call.Keys(page), call.Values(page));
                }
                else
                {
                    AttendPage<SingleElement<TVector>>(call, block, page, call.Keys(page), call.Values(page));
                }
            }
        }

        for (var row = 0; row < rows; row++)
        {
            Scale(call.Output + call.Offset(firstRow + row), 1f / sums[row], call.HeadSize);
        }
    }

    // Many rows: halves are widened once for all of them.
    private static void AttendUnpacked(in AttentionCall call, in Block block, int firstPage, int end)
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

            AttendPage<SingleElement<TVector>>(call, block, page, (byte*)buffer, (byte*)(buffer + count));
        }
    }

    [SkipLocalsInit]
    private static void AttendPage<TElement>(in AttentionCall call, in Block block, int page, byte* keys, byte* values)
        where TElement : IElement<TVector>
    {
        var weights = stackalloc float[TileRows * PageLength];
        var corrections = stackalloc float[TileRows];
        for (var row = 0; row < block.Rows; row += TileRows)
        {
            var firstRow = block.FirstRow;
            var tile = Math.Min(TileRows, block.Rows - row);
            var first = Math.Max(call.Begin(firstRow + row) - (page * PageLength), 0);
            var last = Math.Min(call.End(firstRow + row + tile - 1) - (page * PageLength), PageLength);
            if (last <= first)
            {
                continue;
            }

            AttentionTiles<TVector>.Scores<TElement>(block.Queries + (row * call.HeadSize), call.HeadSize, tile, keys, first, last, weights);
            for (var index = 0; index < tile; index++)
            {
                var begin = Math.Max(call.Begin(firstRow + row + index) - (page * PageLength), first);
                var end = Math.Min(call.End(firstRow + row + index) - (page * PageLength), last);
                corrections[index] = Weigh<TElement>(
                    weights + (index * PageLength), begin, end, first, last, ref block.Maxima[row + index], ref block.Sums[row + index]);
            }

            AttentionTiles<TVector>.Combine<TElement>(call, firstRow + row, tile, values, first, last, weights, corrections);
        }
    }

    /// <summary>Makes scores in <c>[begin, end)</c> into weights, 0 in the rest of <c>[first, last)</c>; returns what the sums so far are multiplied by.</summary>
    private static float Weigh<TElement>(float* scores, int begin, int end, int first, int last, ref float maximum, ref float sum)
        where TElement : IElement<TVector>
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

        var newMaximum = Math.Max(maximum, largest.Largest());
        var total = TVector.Create(0f);
        for (var index = from; index < to; index += TVector.Width)
        {
            var weight = VectorLoops<TVector>.Exp(TVector.Load(scores + index) - TVector.Create(newMaximum));
            (weight * TVector.Create(TElement.Unit)).Store(scores + index);
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

    private static void Scale(float* values, float factor, int count)
    {
        for (var index = 0; index < count; index++)
        {
            values[index] *= factor;
        }
    }

    /// <summary>Rows that go through the pages together.</summary>
    /// <param name="queries"><c>[rows, head size]</c>, times the scale and the element's unit.</param>
    /// <param name="maxima">The largest score of each so far.</param>
    /// <param name="sums">The sum of each one's weights so far.</param>
    /// <param name="firstRow">Of all rows.</param>
    /// <param name="rows">How many.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly struct Block(float* queries, float* maxima, float* sums, int firstRow, int rows)
    {
        public readonly float* Queries = queries;
        public readonly float* Maxima = maxima;
        public readonly float* Sums = sums;
        public readonly int FirstRow = firstRow;
        public readonly int Rows = rows;
    }
}
