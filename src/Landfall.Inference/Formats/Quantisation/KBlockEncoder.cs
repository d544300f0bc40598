using Landfall.Inference.Tensors;

namespace Landfall.Inference.Formats.Quantisation;

/// <summary>Blocks of 256, as <see cref="KBlockDecoder"/> reads them.</summary>
internal static class KBlockEncoder
{
    private const int Length = KBlockDecoder.Length;

    public static void Encode(TensorType type, ReadOnlySpan<float> values, Span<byte> row)
    {
        for (; values.Length > 0; row = row[type.BlockBytes()..], values = values[Length..])
        {
            if (type == TensorType.Q6_K)
            {
                EncodeSix(values[..Length], row[..type.BlockBytes()]);
            }
            else
            {
                EncodeFourOrFive(values[..Length], row[..type.BlockBytes()], five: type == TensorType.Q5_K);
            }
        }
    }

    private static void EncodeFourOrFive(ReadOnlySpan<float> values, Span<byte> block, bool five)
    {
        block.Clear();
        Span<float> scales = stackalloc float[8];
        Span<float> minima = stackalloc float[8];
        Span<float> weights = stackalloc float[32];
        var limit = five ? 31 : 15;
        for (var group = 0; group < 8; group++)
        {
            var values32 = values.Slice(group * 32, 32);
            WeighByMagnitude(values32, weights);
            (scales[group], minima[group]) = ScaleSearch.WithMinimum(values32, weights, limit, anyMinimum: false);
        }

        var scale = SmallBlockEncoder.WriteHalf(block, Largest(scales) / 63);
        var minimum = SmallBlockEncoder.WriteHalf(block[2..], Largest(minima) / 63);
        var quants = block[(five ? 48 : 16)..];
        for (var group = 0; group < 8; group++)
        {
            var (groupScale, groupMinimum) = (SixBits(scales[group], scale), SixBits(minima[group], minimum));
            PackScale(block[4..], group, groupScale, groupMinimum);
            var (step, offset) = (scale * groupScale, minimum * groupMinimum);
            var inverse = step > 0 ? 1 / step : 0;
            for (var index = 0; index < 32; index++)
            {
                var quant = (int)Math.Clamp(MathF.Round((values[(group * 32) + index] + offset) * inverse), 0, limit);
                quants[(group / 2 * 32) + index] |= (byte)((quant & 15) << (group % 2 * 4));
                if (five)
                {
                    block[16 + index] |= (byte)(quant >> 4 << group);
                }
            }
        }
    }

    private static void EncodeSix(ReadOnlySpan<float> values, Span<byte> block)
    {
        block.Clear();
        Span<float> scales = stackalloc float[16];
        Span<float> weights = stackalloc float[16];
        var largest = 0f;
        for (var group = 0; group < 16; group++)
        {
            var values16 = values.Slice(group * 16, 16);
            for (var index = 0; index < 16; index++)
            {
                weights[index] = values16[index] * values16[index];
            }

            scales[group] = ScaleSearch.Symmetric(values16, weights, limit: 32);
            largest = MathF.Abs(scales[group]) > MathF.Abs(largest) ? scales[group] : largest;
        }

        var scale = SmallBlockEncoder.WriteHalf(block[208..], largest / -128);
        for (var index = 0; index < Length; index++)
        {
            var groupScale = scale == 0 ? 0 : (int)Math.Clamp(MathF.Round(scales[index / 16] / scale), -128, 127);
            block[192 + (index / 16)] = (byte)(sbyte)groupScale;
            var step = scale * groupScale;
            var quant = step == 0 ? 32 : (int)Math.Clamp(MathF.Round(values[index] / step), -32, 31) + 32;
            var (half, within) = (index / 128, index % 128);
            var (quarter, column) = (within / 32, within % 32);
            block[(half * 64) + (quarter % 2 * 32) + column] |= (byte)((quant & 15) << (quarter / 2 * 4));
            block[128 + (half * 32) + column] |= (byte)(quant >> 4 << (quarter * 2));
        }
    }

    /// <summary>Large weights matter more; the group's root mean square keeps the small ones from counting nothing.</summary>
    private static void WeighByMagnitude(ReadOnlySpan<float> values, Span<float> weights)
    {
        var squares = 0f;
        foreach (var value in values)
        {
            squares += value * value;
        }

        var mean = MathF.Sqrt(squares / values.Length);
        for (var index = 0; index < values.Length; index++)
        {
            weights[index] = mean + MathF.Abs(values[index]);
        }
    }

    private static float Largest(ReadOnlySpan<float> values) => System.Numerics.Tensors.TensorPrimitives.Max(values);

    private static int SixBits(float value, float unit) => unit > 0 ? (int)Math.Clamp(MathF.Round(value / unit), 0, 63) : 0;

    private static void PackScale(Span<byte> scales, int group, int scale, int minimum)
    {
        if (group < 4)
        {
            scales[group] |= (byte)scale;
            scales[group + 4] |= (byte)minimum;
            return;
        }

        scales[group + 4] = (byte)((scale & 15) | ((minimum & 15) << 4));
        scales[group - 4] |= (byte)(scale >> 4 << 6);
        scales[group] |= (byte)(minimum >> 4 << 6);
    }
}
