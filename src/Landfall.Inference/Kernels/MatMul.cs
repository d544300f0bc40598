using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

/// <summary>Matrices of weights times vectors of activations, for all types of weights.</summary>
/// <remarks>
/// Weights are read where they lie, once for all vectors of a call, and never copied. Products with floating-point weights are
/// sums of single-precision products; quantised weights are multiplied by 16-bit activations (<see cref="PreparedInput"/>).
/// </remarks>
public static unsafe class MatMul
{
    [ThreadStatic]
    private static PreparedInput? _prepared;

    /// <summary><c>output[t, r] = sum over c of weights[r, c] * input[t, c]</c>.</summary>
    /// <param name="weights"><c>[rows, columns]</c></param>
    /// <param name="input"><c>[tokens, columns]</c></param>
    /// <param name="output"><c>[tokens, rows]</c></param>
    /// <param name="tokens">Vectors; one for a decode step of one stream.</param>
    /// <param name="pool">Shares the rows among its threads.</param>
    public static void Multiply(Tensor weights, ReadOnlySpan<float> input, Span<float> output, int tokens, ComputePool pool) =>
        Multiply(KernelPaths.Best, weights, input, output, tokens, pool);

    /// <summary>The same, of an input that other matrices are multiplied by too.</summary>
    /// <param name="weights"><c>[rows, columns]</c></param>
    /// <param name="input"><c>[tokens, columns]</c></param>
    /// <param name="output"><c>[tokens, rows]</c></param>
    /// <param name="pool">Shares the rows among its threads.</param>
    public static void Multiply(Tensor weights, PreparedInput input, Span<float> output, ComputePool pool)
    {
        fixed (float* target = output)
        {
            Span<MatMulPart> parts = [Part(KernelPaths.Best, weights, input, target, output.Length, pool)];
            MatMulJob.Run(parts, input.Tokens, pool);
        }
    }

    /// <summary>Two matrices times the same input at once (gate and up).</summary>
    /// <param name="first"><c>[rows, columns]</c></param>
    /// <param name="firstOutput"><c>[tokens, rows]</c></param>
    /// <param name="second"><c>[rows, columns]</c></param>
    /// <param name="secondOutput"><c>[tokens, rows]</c></param>
    /// <param name="input"><c>[tokens, columns]</c></param>
    /// <param name="pool">Shares the rows among its threads.</param>
    public static void Multiply(Tensor first, Span<float> firstOutput, Tensor second, Span<float> secondOutput, PreparedInput input, ComputePool pool)
    {
        fixed (float* target1 = firstOutput, target2 = secondOutput)
        {
            Span<MatMulPart> parts =
            [
                Part(KernelPaths.Best, first, input, target1, firstOutput.Length, pool),
                Part(KernelPaths.Best, second, input, target2, secondOutput.Length, pool),
            ];
            MatMulJob.Run(parts, input.Tokens, pool);
        }
    }

    /// <summary>Three matrices times the same input at once (query, key and value).</summary>
    /// <param name="first"><c>[rows, columns]</c></param>
    /// <param name="firstOutput"><c>[tokens, rows]</c></param>
    /// <param name="second"><c>[rows, columns]</c></param>
    /// <param name="secondOutput"><c>[tokens, rows]</c></param>
    /// <param name="third"><c>[rows, columns]</c></param>
    /// <param name="thirdOutput"><c>[tokens, rows]</c></param>
    /// <param name="input"><c>[tokens, columns]</c></param>
    /// <param name="pool">Shares the rows among its threads.</param>
    public static void Multiply(
        Tensor first,
        Span<float> firstOutput,
        Tensor second,
        Span<float> secondOutput,
        Tensor third,
        Span<float> thirdOutput,
        PreparedInput input,
        ComputePool pool)
    {
        fixed (float* target1 = firstOutput, target2 = secondOutput, target3 = thirdOutput)
        {
            Span<MatMulPart> parts =
            [
                Part(KernelPaths.Best, first, input, target1, firstOutput.Length, pool),
                Part(KernelPaths.Best, second, input, target2, secondOutput.Length, pool),
                Part(KernelPaths.Best, third, input, target3, thirdOutput.Length, pool),
            ];
            MatMulJob.Run(parts, input.Tokens, pool);
        }
    }

    internal static void Multiply(KernelPath path, Tensor weights, ReadOnlySpan<float> input, Span<float> output, int tokens, ComputePool pool)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Length, (long)tokens * weights.Columns, nameof(input));

        // Taken out while in use: another product may be made within a part of this one.
        var prepared = _prepared ?? new PreparedInput();
        _prepared = null;
        fixed (float* source = input, target = output)
        {
            prepared.Attach(source, tokens, weights.Columns);
            Span<MatMulPart> parts = [Part(path, weights, prepared, target, output.Length, pool)];
            MatMulJob.Run(parts, tokens, pool);
        }

        _prepared = prepared;
    }

    private static MatMulPart Part(KernelPath path, Tensor weights, PreparedInput input, float* output, int outputLength, ComputePool pool)
    {
        if (input.Columns != weights.Columns)
        {
            throw new ArgumentException($"Vectors of {input.Columns} values cannot be multiplied by {weights}.", nameof(input));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(outputLength, (long)input.Tokens * weights.Rows, nameof(output));
        return new MatMulPart(weights, input.View(weights.Type, path, pool), output, RowKernels.Find(weights.Type, path, input.Tokens));
    }
}
