using System.Numerics;
using System.Runtime.InteropServices;

namespace Landfall.Inference.Formats.Quantisation;

/// <summary>
/// Finds the scale (and minimum) of a group of values: for each of a few roundings of the values to integers, the scale of
/// least squared error is a division, and the rounding whose scale errs least is kept.
/// </summary>
internal static class ScaleSearch
{
    /// <summary>The scale of <c>value = scale * q</c> with q from -<paramref name="limit"/> to <paramref name="limit"/> - 1.</summary>
    /// <param name="values">A multiple of 16 values.</param>
    /// <param name="weights">How much the error of each counts.</param>
    /// <param name="limit">8 for four bits, 16 for five, 32 for six.</param>
    public static float Symmetric(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int limit)
    {
        var largest = 0f;
        foreach (var value in values)
        {
            largest = MathF.Abs(value) > MathF.Abs(largest) ? value : largest;
        }

        if (MathF.Abs(largest) < 1e-30f)
        {
            return 0;
        }

        // The side that has one integer more takes the largest value.
        var (best, bestScale) = (0d, 0f);
        for (var step = -9; step <= 9; step++)
        {
            var (cross, square) = Products(values, weights, -(limit + (0.1f * step)) / largest, limit);
            if (square > 0 && (double)cross * cross > best * square)
            {
                best = (double)cross * cross / square;
                bestScale = cross / square;
            }
        }

        return bestScale;
    }

    /// <summary>The scale and minimum of <c>value = scale * q - minimum</c> with q from 0 to <paramref name="limit"/>.</summary>
    /// <param name="values">32 values.</param>
    /// <param name="weights">How much the error of each counts.</param>
    /// <param name="limit">15 for four bits, 31 for five.</param>
    /// <param name="anyMinimum">Whether the minimum may be below zero; K types hold none such.</param>
    public static (float Scale, float Minimum) WithMinimum(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, int limit, bool anyMinimum)
    {
        var (lowest, highest) = (anyMinimum ? float.MaxValue : 0f, anyMinimum ? float.MinValue : 0f);
        foreach (var value in values)
        {
            lowest = MathF.Min(lowest, value);
            highest = MathF.Max(highest, value);
        }

        var range = highest - lowest;
        if (range < 1e-30f)
        {
            return (0, -lowest);
        }

        // Errors are told from values counted from the lowest: differences stay exact where all values are far from zero.
        var (best, bestScale, bestShift) = (double.MaxValue, range / limit, 0f);
        for (var step = -10; step <= 10; step++)
        {
            var sums = Sums.Of(values, weights, lowest, (limit + (0.1f * step)) / range, limit);
            var (scale, shift) = sums.Solve(anyMinimum ? float.MaxValue : -lowest);
            var error = sums.Error(scale, shift);
            if (scale > 0 && error < best)
            {
                (best, bestScale, bestShift) = (error, scale, shift);
            }
        }

        return (bestScale, -lowest - bestShift);
    }

    /// <summary>Sums of <c>w x q</c> and <c>w q q</c>.</summary>
    private static (float Cross, float Square) Products(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float inverse, int limit)
    {
        var (cross, square) = (Vector<float>.Zero, Vector<float>.Zero);
        for (var index = 0; index < values.Length; index += Vector<float>.Count)
        {
            var (x, w) = (new Vector<float>(values[index..]), new Vector<float>(weights[index..]));
            var q = Vector.Min(Vector.Max(Vector.Round(x * inverse), new Vector<float>(-limit)), new Vector<float>(limit - 1));
            cross += w * x * q;
            square += w * q * q;
        }

        return (Vector.Sum(cross), Vector.Sum(square));
    }

    /// <summary>What the weighted least squares of <c>x = scale * q + shift</c> are made of.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sums(double W, double Q, double X, double QQ, double XQ, double XX)
    {
        public static Sums Of(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float lowest, float inverse, int limit)
        {
            Vector<float> sw = default, sq = default, sx = default, sqq = default, sxq = default, sxx = default;
            for (var index = 0; index < values.Length; index += Vector<float>.Count)
            {
                var x = new Vector<float>(values[index..]) - new Vector<float>(lowest);
                var w = new Vector<float>(weights[index..]);
                var q = Vector.Min(Vector.Max(Vector.Round(x * inverse), Vector<float>.Zero), new Vector<float>(limit));
                sw += w;
                sq += w * q;
                sx += w * x;
                sqq += w * q * q;
                sxq += w * x * q;
                sxx += w * x * x;
            }

            return new Sums(Vector.Sum(sw), Vector.Sum(sq), Vector.Sum(sx), Vector.Sum(sqq), Vector.Sum(sxq), Vector.Sum(sxx));
        }

        /// <summary>The best scale and shift; where the shift is above its bound, the best scale at the bound.</summary>
        public (float Scale, float Shift) Solve(float bound)
        {
            var determinant = (W * QQ) - (Q * Q);
            if (determinant <= 0)
            {
                return (0, 0);
            }

            var shift = ((QQ * X) - (Q * XQ)) / determinant;
            return shift <= bound
                ? ((float)(((W * XQ) - (X * Q)) / determinant), (float)shift)
                : ((float)((XQ - (bound * Q)) / QQ), bound);
        }

        public double Error(double scale, double shift) =>
            XX + (scale * scale * QQ) + (shift * shift * W) + (2 * scale * shift * Q) - (2 * scale * XQ) - (2 * shift * X);
    }
}
