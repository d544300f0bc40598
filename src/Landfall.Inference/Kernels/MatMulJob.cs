using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>Some rows of a matrix times all vectors.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct RowRange(byte* weights, long rowBytes, int rows, InputView input, float* output, int stride)
{
    /// <summary>The first row.</summary>
    public readonly byte* Weights = weights;

    public readonly long RowBytes = rowBytes;
    public readonly int Rows = rows;
    public readonly InputView Input = input;

    /// <summary>Where the first row's product with the first vector goes.</summary>
    public readonly float* Output = output;

    /// <summary>From one vector's products to the next one's.</summary>
    public readonly int Stride = stride;
}

/// <summary>One matrix of a call.</summary>
internal readonly unsafe struct MatMulPart(Tensor weights, InputView input, float* output, RowKernel kernel)
{
    private readonly byte* _data = weights.Data;

    public int Rows { get; } = weights.Rows;

    public long Bytes { get; } = weights.Bytes;

    public int RowMultiple => kernel.RowMultiple;

    private readonly long _rowBytes = weights.RowBytes;

    public void Execute(int firstRow, int rows) =>
        kernel.Compute(new RowRange(_data + (firstRow * _rowBytes), _rowBytes, rows, input, output + firstRow, Rows));
}

/// <summary>Splits the rows of up to three matrices among threads.</summary>
internal readonly ref struct MatMulJob(ReadOnlySpan<MatMulPart> matrices, int pieces) : IComputeJob
{
    // More pieces than threads, so that one that is held up does not hold up all; not so many that claiming them costs.
    private const int PiecesPerThread = 8;
    private const int LeastBytes = 16 * 1024;

    private readonly ReadOnlySpan<MatMulPart> _matrices = matrices;

    public static void Run(ReadOnlySpan<MatMulPart> matrices, int tokens, ComputePool pool)
    {
        var bytes = 0L;
        foreach (ref readonly var matrix in matrices)
        {
            bytes += matrix.Bytes;
        }

        var pieces = (int)Math.Clamp(bytes * tokens / LeastBytes, 1, pool.Threads == 1 ? 1 : pool.Threads * PiecesPerThread);
        pool.Run(pieces, new MatMulJob(matrices, pieces));
    }

    /// <summary>A piece is a share of all matrices' rows one after another.</summary>
    public void Execute(int part)
    {
        var total = 0L;
        foreach (ref readonly var matrix in _matrices)
        {
            total += matrix.Rows;
        }

        var (begin, end) = (total * part / pieces, total * (part + 1) / pieces);
        var offset = 0L;
        foreach (ref readonly var matrix in _matrices)
        {
            var first = Bound(begin - offset, matrix);
            var last = Bound(end - offset, matrix);
            if (last > first)
            {
                matrix.Execute(first, last - first);
            }

            offset += matrix.Rows;
        }
    }

    // Both neighbours of a bound round it alike.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bound(long row, in MatMulPart matrix) =>
        row >= matrix.Rows ? matrix.Rows : row <= 0 ? 0 : (int)(row / matrix.RowMultiple * matrix.RowMultiple);
}
