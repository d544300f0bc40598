using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>Matrices of weights times vectors of activations, for all types of weights.</summary>
public static class MatMul
{
    /// <summary><c>output[t, r] = sum over c of weights[r, c] * input[t, c]</c>.</summary>
    /// <param name="weights"><c>[rows, columns]</c></param>
    /// <param name="input"><c>[tokens, columns]</c></param>
    /// <param name="output"><c>[tokens, rows]</c></param>
    /// <param name="tokens">Vectors; one for a decode step of one stream.</param>
    /// <param name="pool">Shares the rows among its threads.</param>
    public static unsafe void Multiply(Tensor weights, ReadOnlySpan<float> input, Span<float> output, int tokens, ComputePool pool)
    {
        // Replaced by kernels: plain loops over F32 only.
        for (var token = 0; token < tokens; token++)
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                var values = new ReadOnlySpan<float>(weights.Data + (row * weights.RowBytes), weights.Columns);
                output[(token * weights.Rows) + row] = System.Numerics.Tensors.TensorPrimitives.Dot(values, input.Slice(token * weights.Columns, weights.Columns));
            }
        }
    }
}
