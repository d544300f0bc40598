using System.Runtime.CompilerServices;

namespace Landfall.Inference.Kernels;

/// <summary>Element-wise functions, in vectors of one width. What is left at the end goes through a padded vector.</summary>
internal static unsafe class VectorLoops<TVector>
    where TVector : struct, IFloatVector<TVector>
{
    /// <summary>
    /// The exponential to about 2 units in the last place: the argument as a multiple of ln 2 and a rest of at most half of it,
    /// whose exponential is a polynomial (Cephes' <c>expf</c>). Below -87.3 it stays at the smallest normal number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector value)
    {
        value = TVector.Min(TVector.Max(value, TVector.Create(-87.3f)), TVector.Create(88.3f));

        // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
        var magic = TVector.Create(12582912f);
        var rounded = TVector.MultiplyAdd(value, TVector.Create(1.44269504f), magic);
        var multiple = rounded - magic;
        var rest = TVector.MultiplyAdd(multiple, TVector.Create(-0.693359375f), value);
        rest = TVector.MultiplyAdd(multiple, TVector.Create(2.12194440e-4f), rest);
        var sum = TVector.MultiplyAdd(TVector.Create(1.9875691500e-4f), rest, TVector.Create(1.3981999507e-3f));
        sum = TVector.MultiplyAdd(sum, rest, TVector.Create(8.3334519073e-3f));
        sum = TVector.MultiplyAdd(sum, rest, TVector.Create(4.1665795894e-2f));
        sum = TVector.MultiplyAdd(sum, rest, TVector.Create(1.6666665459e-1f));
        sum = TVector.MultiplyAdd(sum, rest, TVector.Create(5.0000001201e-1f));
        sum = TVector.MultiplyAdd(sum, rest * rest, rest + TVector.Create(1f));
        return TVector.AddToExponent(sum, rounded);
    }

    public static void SiluMultiply(float* gate, float* up, int count)
    {
        var index = 0;
        for (; index <= count - TVector.Width; index += TVector.Width)
        {
            Silu(TVector.Load(gate + index), TVector.Load(up + index)).Store(gate + index);
        }

        if (index < count)
        {
            var gates = stackalloc float[TVector.Width];
            var ups = stackalloc float[TVector.Width];
            Copy(gate + index, gates, count - index);
            Copy(up + index, ups, count - index);
            Silu(TVector.Load(gates), TVector.Load(ups)).Store(gates);
            Copy(gates, gate + index, count - index);
        }
    }

    public static void Gelu(float* values, int count)
    {
        var index = 0;
        for (; index <= count - TVector.Width; index += TVector.Width)
        {
            Gelu(TVector.Load(values + index)).Store(values + index);
        }

        if (index < count)
        {
            var padded = stackalloc float[TVector.Width];
            Copy(values + index, padded, count - index);
            Gelu(TVector.Load(padded)).Store(padded);
            Copy(padded, values + index, count - index);
        }
    }

    public static void GeluTanh(float* values, int count)
    {
        var index = 0;
        for (; index <= count - TVector.Width; index += TVector.Width)
        {
            GeluTanh(TVector.Load(values + index)).Store(values + index);
        }

        if (index < count)
        {
            var padded = stackalloc float[TVector.Width];
            Copy(values + index, padded, count - index);
            GeluTanh(TVector.Load(padded)).Store(padded);
            Copy(padded, values + index, count - index);
        }
    }

    public static void RotateHalves(float* values, float* cosines, float* sines, int half)
    {
        var index = 0;
        for (; index <= half - TVector.Width; index += TVector.Width)
        {
            var (first, second) = (TVector.Load(values + index), TVector.Load(values + half + index));
            var (cosine, sine) = (TVector.Load(cosines + index), TVector.Load(sines + index));
            ((first * cosine) - (second * sine)).Store(values + index);
            ((second * cosine) + (first * sine)).Store(values + half + index);
        }

        for (; index < half; index++)
        {
            var (first, second) = (values[index], values[half + index]);
            values[index] = (first * cosines[index]) - (second * sines[index]);
            values[half + index] = (second * cosines[index]) + (first * sines[index]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Silu(TVector gate, TVector up) =>
        gate * up / (TVector.Create(1f) + Exp(TVector.Create(0f) - gate));

    // x * sigmoid(2 u), as 1 + tanh(u) = 2 sigmoid(2 u).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector GeluTanh(TVector value)
    {
        var inner = value * TVector.MultiplyAdd(value * value, TVector.Create(0.044715f * 1.5957691216f), TVector.Create(1.5957691216f));
        return value / (TVector.Create(1f) + Exp(TVector.Create(0f) - inner));
    }

    // 1 + erf(z) = erfc(-z), by the Chebyshev fit of Numerical Recipes (section 6.2; 1.2e-7 relative), mirrored for positive z.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Gelu(TVector value)
    {
        var magnitude = TVector.Max(value, TVector.Create(0f) - value);
        var z = magnitude * TVector.Create(0.70710678f);
        var t = TVector.Create(1f) / TVector.MultiplyAdd(z, TVector.Create(0.5f), TVector.Create(1f));
        var sum = TVector.MultiplyAdd(t, TVector.Create(0.17087277f), TVector.Create(-0.82215223f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(1.48851587f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(-1.13520398f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(0.27886807f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(-0.18628806f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(0.09678418f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(0.37409196f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(1.00002368f));
        sum = TVector.MultiplyAdd(t, sum, TVector.Create(-1.26551223f) - (z * z));

        // For x >= 0: x * (2 - erfc) / 2 = x - |x| * erfc / 2; for x < 0: -|x| * erfc / 2.
        var tail = magnitude * t * Exp(sum) * TVector.Create(0.5f);
        return TVector.Max(value, TVector.Create(0f)) - tail;
    }

    private static void Copy(float* source, float* target, int count) => new Span<float>(source, count).CopyTo(new Span<float>(target, count));
}
