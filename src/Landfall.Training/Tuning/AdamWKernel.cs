using System.Numerics;
using System.Runtime.CompilerServices;

namespace Landfall.Training.Tuning;

/// <summary>A stretch of a trained tensor with its gradient and the optimiser's state.</summary>
internal readonly unsafe struct AdamWPart(float* value, float* gradient, float* mean, float* square, int length, bool decays)
{
    public readonly float* Value = value;
    public readonly float* Gradient = gradient;
    public readonly float* Mean = mean;
    public readonly float* Square = square;
    public readonly int Length = length;
    public readonly bool Decays = decays;
}

/// <summary>The numbers of one step.</summary>
internal readonly struct AdamWNumbers(AdamWSettings settings, double learningRate, double gradientScale, int step)
{
    public readonly AdamWSettings Settings = settings;

    /// <summary>What gradients are multiplied by.</summary>
    public readonly double Scale = gradientScale;

    /// <summary>The learning rate, with the mean's correction for beginning at 0.</summary>
    public readonly double Rate = learningRate / (1 - Math.Pow(settings.Beta1, step));

    /// <summary>The square's correction, for its root.</summary>
    public readonly double RootScale = 1 / Math.Sqrt(1 - Math.Pow(settings.Beta2, step));

    /// <summary>What is left of a decaying weight.</summary>
    public readonly double Keep = 1 - (learningRate * settings.WeightDecay);
}

/// <summary>
/// AdamW and the gradients' norm over memory. It is memory that takes the time, so it is read and written once. Sums are
/// made part by part and joined in order: the number of threads does not change them.
/// </summary>
internal static unsafe class AdamWKernel
{
    /// <summary>The most numbers of a part: its four stretches lie in a core's second cache.</summary>
    public const int PartLength = 1 << 15;

    public static double Norm(List<AdamWPart> parts, int threads)
    {
        var sums = new double[parts.Count];
        Run(parts.Count, threads, index => sums[index] = SumOfSquares(parts[index].Gradient, parts[index].Length));
        return Math.Sqrt(sums.Sum());
    }

    public static void Step(List<AdamWPart> parts, AdamWNumbers numbers, int threads) => Run(parts.Count, threads, index => Step(parts[index], numbers));

    private static void Run(int count, int threads, Action<int> part)
    {
        if (threads == 1 || count < 2)
        {
            for (var index = 0; index < count; index++)
            {
                part(index);
            }

            return;
        }

        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, part);
    }

    private static double SumOfSquares(float* values, int length)
    {
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        var index = 0;
        for (; index <= length - Vector<float>.Count; index += Vector<float>.Count)
        {
            Vector.Widen(Unsafe.ReadUnaligned<Vector<float>>(values + index), out var first, out var second);
            low += first * first;
            high += second * second;
        }

        var sum = Vector.Sum(low + high);
        for (; index < length; index++)
        {
            sum += (double)values[index] * values[index];
        }

        return sum;
    }

    private static void Step(in AdamWPart part, in AdamWNumbers numbers)
    {
        var settings = numbers.Settings;
        var (beta1, beta2, scale, rootScale) = ((float)settings.Beta1, (float)settings.Beta2, (float)numbers.Scale, (float)numbers.RootScale);
        var (new1, new2, epsilon, rate) = ((float)(1 - settings.Beta1), (float)(1 - settings.Beta2), (float)settings.Epsilon, (float)numbers.Rate);
        var keep = part.Decays ? (float)numbers.Keep : 1f;
        var (keeps, scales, epsilons) = (new Vector<float>(keep), new Vector<float>(scale), new Vector<float>(epsilon));
        var index = 0;
        for (; index <= part.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var gradient = Unsafe.ReadUnaligned<Vector<float>>(part.Gradient + index) * scales;
            var mean = (Unsafe.ReadUnaligned<Vector<float>>(part.Mean + index) * beta1) + (gradient * new1);
            var square = (Unsafe.ReadUnaligned<Vector<float>>(part.Square + index) * beta2) + (gradient * gradient * new2);
            var value = (Unsafe.ReadUnaligned<Vector<float>>(part.Value + index) * keeps) - (mean * rate / ((Vector.SquareRoot(square) * rootScale) + epsilons));
            Unsafe.WriteUnaligned(part.Mean + index, mean);
            Unsafe.WriteUnaligned(part.Square + index, square);
            Unsafe.WriteUnaligned(part.Value + index, value);
        }

        for (; index < part.Length; index++)
        {
            var gradient = part.Gradient[index] * scale;
            var mean = part.Mean[index] = (part.Mean[index] * beta1) + (gradient * new1);
            var square = part.Square[index] = (part.Square[index] * beta2) + (gradient * gradient * new2);
            part.Value[index] = (part.Value[index] * keep) - (mean * rate / ((MathF.Sqrt(square) * rootScale) + epsilon));
        }
    }
}
