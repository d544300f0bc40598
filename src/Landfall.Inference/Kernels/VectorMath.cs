using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Landfall.Inference.Kernels;

/// <summary>What a transformer does to vectors of activations besides multiplying them by matrices.</summary>
public static unsafe class VectorMath
{
    /// <summary>Root mean square norm (Zhang and Sennrich, arXiv 1910.07467): <c>output = input / sqrt(mean(input^2) + epsilon) * weight</c>.</summary>
    /// <param name="input">One vector.</param>
    /// <param name="weight">As long.</param>
    /// <param name="epsilon">Added under the root.</param>
    /// <param name="output">As long; may be the input.</param>
    public static void RmsNorm(ReadOnlySpan<float> input, ReadOnlySpan<float> weight, float epsilon, Span<float> output)
    {
        var scale = 1f / MathF.Sqrt((TensorPrimitives.SumOfSquares(input) / input.Length) + epsilon);
        TensorPrimitives.Multiply(input, scale, output);
        TensorPrimitives.Multiply(output[..input.Length], weight, output);
    }

    /// <summary>Layer norm (Ba et al., arXiv 1607.06450): <c>output = (input - mean) / sqrt(variance + epsilon) * weight + bias</c>.</summary>
    /// <param name="input">One vector.</param>
    /// <param name="weight">As long.</param>
    /// <param name="bias">As long.</param>
    /// <param name="epsilon">Added under the root.</param>
    /// <param name="output">As long; may be the input.</param>
    public static void LayerNorm(ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> output)
    {
        output = output[..input.Length];
        TensorPrimitives.Subtract(input, TensorPrimitives.Sum(input) / input.Length, output);
        var scale = 1f / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(output) / input.Length) + epsilon);
        TensorPrimitives.Multiply(output, scale, output);
        TensorPrimitives.MultiplyAdd(output, weight, bias, output);
    }

    /// <summary>Softmax in place. What is minus infinity becomes 0; all minus infinity becomes not a number.</summary>
    public static void Softmax(Span<float> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        var largest = TensorPrimitives.Max<float>(values);
        TensorPrimitives.Subtract(values, largest, values);
        TensorPrimitives.Exp<float>(values, values);
        TensorPrimitives.Multiply(values, 1f / TensorPrimitives.Sum<float>(values), values);
    }

    /// <summary>The gate of a SwiGLU layer (Shazeer, arXiv 2002.05202): <c>gate = gate * sigmoid(gate) * up</c>, in place.</summary>
    public static void SiluMultiply(Span<float> gate, ReadOnlySpan<float> up)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(up.Length, gate.Length, nameof(up));
        fixed (float* gates = gate, ups = up)
        {
            switch (KernelPaths.Best)
            {
                case KernelPath.Avx512: VectorLoops<Float16>.SiluMultiply(gates, ups, gate.Length); break;
                case KernelPath.Avx2: VectorLoops<Float8>.SiluMultiply(gates, ups, gate.Length); break;
                default: VectorLoops<Float4>.SiluMultiply(gates, ups, gate.Length); break;
            }
        }
    }

    /// <summary>GELU (Hendrycks and Gimpel, arXiv 1606.08415) in place, with the normal distribution itself: BERT's.</summary>
    public static void Gelu(Span<float> values)
    {
        fixed (float* pointer = values)
        {
            switch (KernelPaths.Best)
            {
                case KernelPath.Avx512: VectorLoops<Float16>.Gelu(pointer, values.Length); break;
                case KernelPath.Avx2: VectorLoops<Float8>.Gelu(pointer, values.Length); break;
                default: VectorLoops<Float4>.Gelu(pointer, values.Length); break;
            }
        }
    }

    /// <summary>GELU in place, in its approximation by the hyperbolic tangent.</summary>
    public static void GeluTanh(Span<float> values)
    {
        fixed (float* pointer = values)
        {
            switch (KernelPaths.Best)
            {
                case KernelPath.Avx512: VectorLoops<Float16>.GeluTanh(pointer, values.Length); break;
                case KernelPath.Avx2: VectorLoops<Float8>.GeluTanh(pointer, values.Length); break;
                default: VectorLoops<Float4>.GeluTanh(pointer, values.Length); break;
            }
        }
    }

    /// <summary>Turns a head by its position (Su et al., arXiv 2104.09864), pairs half a head apart: Hugging Face's layout.</summary>
    /// <param name="head">Turned in place; values beyond twice the angles' count stay.</param>
    /// <param name="cosines">One for each pair, for the position.</param>
    /// <param name="sines">One for each pair, for the position.</param>
    public static void RotateHalves(Span<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        var half = cosines.Length;
        ArgumentOutOfRangeException.ThrowIfNotEqual(sines.Length, half, nameof(sines));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(2 * half, head.Length, nameof(cosines));
        fixed (float* values = head, cosine = cosines, sine = sines)
        {
            switch (KernelPaths.Best)
            {
                case KernelPath.Avx512: VectorLoops<Float16>.RotateHalves(values, cosine, sine, half); break;
                case KernelPath.Avx2: VectorLoops<Float8>.RotateHalves(values, cosine, sine, half); break;
                default: VectorLoops<Float4>.RotateHalves(values, cosine, sine, half); break;
            }
        }
    }

    /// <summary>Turns a head by its position, neighbours as pairs: the layout of Llama in GGUF.</summary>
    /// <param name="head">Turned in place; values beyond twice the angles' count stay.</param>
    /// <param name="cosines">One for each pair, for the position.</param>
    /// <param name="sines">One for each pair, for the position.</param>
    public static void RotatePairs(Span<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sines.Length, cosines.Length, nameof(sines));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(2 * cosines.Length, head.Length, nameof(cosines));
        var pair = 0;
        for (; pair <= cosines.Length - 4; pair += 4)
        {
            RotateFour(ref head[2 * pair], Vector128.Create(cosines.Slice(pair, 4)), Vector128.Create(sines.Slice(pair, 4)));
        }

        for (; pair < cosines.Length; pair++)
        {
            var (even, odd) = (head[2 * pair], head[(2 * pair) + 1]);
            head[2 * pair] = (even * cosines[pair]) - (odd * sines[pair]);
            head[(2 * pair) + 1] = (even * sines[pair]) + (odd * cosines[pair]);
        }
    }

    // (a, b) turned is (a, b) * cosine + (-b, a) * sine.
    private static void RotateFour(ref float head, Vector128<float> cosines, Vector128<float> sines)
    {
        var signs = Vector128.Create(-0f, 0f, -0f, 0f);
        ref var second = ref Unsafe.Add(ref head, 4);
        var (pairs0, pairs1) = (Vector128.LoadUnsafe(ref head), Vector128.LoadUnsafe(ref second));
        var (swapped0, swapped1) = (Vector128.Shuffle(pairs0, Vector128.Create(1, 0, 3, 2)) ^ signs, Vector128.Shuffle(pairs1, Vector128.Create(1, 0, 3, 2)) ^ signs);
        var lower = Vector128.Create(0, 0, 1, 1);
        var upper = Vector128.Create(2, 2, 3, 3);
        ((pairs0 * Vector128.Shuffle(cosines, lower)) + (swapped0 * Vector128.Shuffle(sines, lower))).StoreUnsafe(ref head);
        ((pairs1 * Vector128.Shuffle(cosines, upper)) + (swapped1 * Vector128.Shuffle(sines, upper))).StoreUnsafe(ref second);
    }

    /// <summary><c>target += values</c></summary>
    public static void Add(Span<float> target, ReadOnlySpan<float> values) => TensorPrimitives.Add(target, values, target);

    /// <summary><c>target += values * scale</c></summary>
    public static void AddScaled(Span<float> target, ReadOnlySpan<float> values, float scale) =>
        TensorPrimitives.MultiplyAdd(values, scale, target, target);

    /// <summary>The sum of products.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right) => TensorPrimitives.Dot(left, right);
}
