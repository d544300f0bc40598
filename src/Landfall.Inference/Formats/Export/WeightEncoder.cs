using System.Runtime.ExceptionServices;
using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Models;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Export;

/// <summary>Encodes weights to the types that a file is to have: rows by many threads, in chunks of bounded memory.</summary>
/// <param name="model">Where the weights are from.</param>
/// <param name="layout">The RoPE layout that the rows of queries and keys are to have.</param>
/// <param name="threads">Threads.</param>
/// <param name="total">Values of all weights, for progress.</param>
/// <param name="progress">Told the share that is done, from 0 to 1.</param>
internal sealed class WeightEncoder(ModelFiles model, RopeLayout layout, int threads, long total, IProgress<double>? progress)
{
    private const int ChunkValues = 1 << 21;
    private long _done;

    /// <summary>What is to be written for a weight; vectors stay F32.</summary>
    public TensorOutput Encode(PlacedWeight weight, TensorType type)
    {
        var reordered = weight.Turned && layout != model.Config.Rope.Layout;
        if (weight.Matrix is not { } matrix)
        {
            var values = reordered ? Reorder(weight.Vector!) : weight.Vector!;
            return TensorOutput.Of(weight.Name, values, values.Length);
        }

        return new TensorOutput(weight.Name, type, matrix.Shape, (stream, cancellation) => Write(matrix, type, reordered, stream, cancellation));
    }

    private void Write(Tensor matrix, TensorType type, bool reordered, Stream stream, CancellationToken cancellation)
    {
        var rowBytes = (int)type.RowBytes(matrix.Columns);
        var rows = Math.Clamp(ChunkValues / matrix.Columns, 1, matrix.Rows);
        var chunk = new byte[checked(rows * rowBytes)];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        for (var begin = 0; begin < matrix.Rows; begin += rows)
        {
            var (first, count) = (begin, Math.Min(rows, matrix.Rows - begin));
            EncodeRows(count, options, matrix.Columns, (index, scratch) =>
            {
                var row = first + index;
                var source = reordered ? RotaryPermutation.SourceRow(row, model.Config.HeadSize, layout) : row;
                EncodeRow(matrix, source, type, scratch, chunk.AsSpan(index * rowBytes, rowBytes));
            });
            stream.Write(chunk, 0, count * rowBytes);
            _done += (long)count * matrix.Columns;
            progress?.Report(Math.Min((double)_done / total, 1));
        }
    }

    private static void EncodeRows(int count, ParallelOptions options, int columns, Action<int, float[]> encode)
    {
        try
        {
            Parallel.For(0, count, options, () => new float[columns], (index, _, scratch) =>
            {
                encode(index, scratch);
                return scratch;
            }, _ => { });
        }
        catch (AggregateException exception) when (exception.InnerException is ModelFormatException problem)
        {
            ExceptionDispatchInfo.Throw(problem);
        }
    }

    private void EncodeRow(Tensor matrix, int row, TensorType type, float[] scratch, Span<byte> target)
    {
        if (matrix.Type == type)
        {
            matrix.Row(row).CopyTo(target);
            return;
        }

        BlockCodec.Decode(matrix, row, scratch);
        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(scratch))
        {
            throw new ModelFormatException(model.Tensors.FileOf(matrix.Name), $"row {row} of the tensor '{matrix.Name}' holds what is not a finite number; the weights are damaged.")
            {
                Tensor = matrix.Name,
            };
        }

        BlockCodec.Encode(type, scratch, target);
    }

    /// <summary>A vector's values by head, each head's reordered.</summary>
    private float[] Reorder(float[] values)
    {
        var reordered = new float[values.Length];
        for (var index = 0; index < values.Length; index++)
        {
            reordered[index] = values[RotaryPermutation.SourceRow(index, model.Config.HeadSize, layout)];
        }

        return reordered;
    }
}
