using Landfall.Inference.Formats.Quantisation;
using Landfall.Inference.Tensors;

namespace Landfall.Inference.Kernels;

public sealed unsafe class MatMulTests
{
    private static readonly int[] TokenCounts = [1, 2, 5, 8, 12, 35];

    public static TheoryData<TensorType> Types() => [.. Enum.GetValues<TensorType>()];

    // Oracle: rows decoded by BlockCodec, products summed in double precision.
    [Theory]
    [MemberData(nameof(Types))]
    public void Multiply_AllPathsAndShapes_IsProductOfDecodedRows(TensorType type)
    {
        using var pool = new ComputePool(2);
        foreach (var columns in type.BlockLength() switch { 1 => new[] { 1, 7, 50, 259 }, 32 => [32, 96, 544], _ => [256, 768] })
        {
            foreach (var rows in new[] { 1, 32, 67 })
            {
                var weights = RandomWeights(type, rows, columns, seed: rows + columns);
                foreach (var tokens in TokenCounts)
                {
                    Check(weights, tokens, pool);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Multiply_LongRows_DoesNotOverflow(TensorType type)
    {
        using var pool = new ComputePool(2);
        var weights = RandomWeights(type, 33, 8192, seed: 3, extreme: true);
        Check(weights, 1, pool, constant: true);
        Check(weights, 4, pool, constant: true);
        Check(weights, 30, pool, constant: true);
        Check(weights, 34, pool, constant: true);
    }

    // Panels of 32 rows and what is left of them, tiles of eight vectors and of four, columns that end within a panel's.
    [Theory]
    [InlineData(TensorType.Q8_0, 288)]
    [InlineData(TensorType.Q4_0, 288)]
    [InlineData(TensorType.Q4_1, 288)]
    [InlineData(TensorType.Q4_K, 512)]
    [InlineData(TensorType.Q6_K, 512)]
    public void Multiply_FewVectors_IsProductOfDecodedRows(TensorType type, int columns)
    {
        using var pool = new ComputePool(2);
        var weights = RandomWeights(type, 97, columns, seed: 5);
        for (var tokens = 2; tokens <= 33; tokens++)
        {
            Check(weights, tokens, pool);
        }
    }

    [Fact]
    public void Multiply_PreparedForThreeMatrices_EqualsOneByOne()
    {
        using var pool = new ComputePool(3);
        using var prepared = new PreparedInput();
        Tensor[] weights = [RandomWeights(TensorType.Q8_0, 65, 256, 1), RandomWeights(TensorType.Q6_K, 40, 256, 2), RandomWeights(TensorType.F32, 7, 256, 3)];
        foreach (var tokens in new[] { 1, 6, 50, 2 })
        {
            var input = Random(tokens * 256, tokens);
            var expected = weights.Select(matrix => new float[matrix.Rows * tokens]).ToArray();
            for (var index = 0; index < weights.Length; index++)
            {
                MatMul.Multiply(weights[index], input, expected[index], tokens, pool);
            }

            prepared.Set(input, tokens, 256);
            var outputs = expected.Select(values => new float[values.Length]).ToArray();
            MatMul.Multiply(weights[0], outputs[0], weights[1], outputs[1], weights[2], outputs[2], prepared, pool);
            Assert.Equal(expected, outputs);
            outputs = expected.Select(values => new float[values.Length]).ToArray();
            MatMul.Multiply(weights[0], outputs[0], weights[1], outputs[1], prepared, pool);
            MatMul.Multiply(weights[2], prepared, outputs[2], pool);
            Assert.Equal(expected, outputs);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Multiply_ZerosAndNotFinite_AreZeroAndNotFinite(TensorType type)
    {
        using var pool = new ComputePool(1);
        var weights = RandomWeights(type, 4, 256, seed: 9);
        foreach (var path in Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported))
        {
            var output = new float[4];
            MatMul.Multiply(path, weights, new float[256], output, 1, pool);
            Assert.All(output, value => Assert.Equal(0f, value));
            var input = Random(256, 1);
            input[100] = float.NaN;
            MatMul.Multiply(path, weights, input, output, 1, pool);
            Assert.All(output, value => Assert.True(float.IsNaN(value)));
        }
    }

    [Fact]
    public void Multiply_WrongLengths_AreRefused()
    {
        using var pool = new ComputePool(1);
        using var prepared = new PreparedInput();
        var weights = RandomWeights(TensorType.Q8_0, 4, 64, seed: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => MatMul.Multiply(weights, new float[127], new float[8], 2, pool));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatMul.Multiply(weights, new float[128], new float[7], 2, pool));
        prepared.Set(new float[32], 1, 32);
        Assert.Throws<ArgumentException>(() => MatMul.Multiply(weights, prepared, new float[4], pool));
    }

    [Fact]
    public void Multiply_Repeatedly_AllocatesNothing()
    {
        using var pool = new ComputePool(2);
        var weights = RandomWeights(TensorType.Q4_0, 64, 256, seed: 1);
        var (input, output) = (Random(256 * 4, 1), new float[256]);
        using (var alone = new ComputePool(1))
        {
            MatMul.Multiply(weights, input, output, 4, alone); // What stays with the thread, which may have had no part in a shared one.
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var repeat = 0; repeat < 50; repeat++)
        {
            MatMul.Multiply(weights, input, output, 4, pool);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Check(Tensor weights, int tokens, ComputePool pool, bool constant = false)
    {
        var input = Random(tokens * weights.Columns, tokens);
        if (constant)
        {
            Array.Fill(input, -3f);
        }

        var (expected, bounds) = Reference(weights, input, tokens);
        foreach (var path in Enum.GetValues<KernelPath>().Where(KernelPaths.IsSupported))
        {
            var output = Enumerable.Repeat(float.NaN, tokens * weights.Rows).ToArray();
            MatMul.Multiply(path, weights, input, output, tokens, pool);
            for (var index = 0; index < output.Length; index++)
            {
                var error = Math.Abs(output[index] - expected[index]);
                Assert.True(error <= bounds[index], $"{weights} x {tokens}, {path}, [{index}]: {output[index]}, expected {expected[index]}, bound {bounds[index]}");
            }
        }
    }

    /// <summary>Products, and how far rounding may take them: of singles, and of activations to 16 bits where weights are quantised.</summary>
    private static (double[] Products, double[] Bounds) Reference(Tensor weights, float[] input, int tokens)
    {
        var (products, bounds) = (new double[tokens * weights.Rows], new double[tokens * weights.Rows]);
        var decoded = new float[weights.Columns];
        for (var row = 0; row < weights.Rows; row++)
        {
            BlockCodec.Decode(weights, row, decoded);
            for (var token = 0; token < tokens; token++)
            {
                var vector = input.AsSpan(token * weights.Columns, weights.Columns);
                var (sum, magnitudes, largest, weightMagnitudes) = (0.0, 0.0, 0.0, 0.0);
                for (var column = 0; column < decoded.Length; column++)
                {
                    sum += (double)decoded[column] * vector[column];
                    magnitudes += Math.Abs((double)decoded[column] * vector[column]);
                    largest = Math.Max(largest, Math.Abs(vector[column]));
                    weightMagnitudes += Math.Abs(decoded[column]);
                }

                products[(token * weights.Rows) + row] = sum;
                bounds[(token * weights.Rows) + row] = 1e-30 + (weights.Type.BlockLength() == 1
                    ? 1e-6 * magnitudes
                    : (largest / 16000 * weightMagnitudes) + (4e-6 * magnitudes) + Cancellation(weights, vector));
            }
        }

        return (products, bounds);
    }

    // Types with an offset or a minimum are products of larger numbers that cancel.
    private static double Cancellation(Tensor weights, ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
        {
            sum += Math.Abs(value);
        }

        return weights.Type is TensorType.Q8_0 or TensorType.Q6_K ? 0 : 2e-5 * sum;
    }

    private static Tensor RandomWeights(TensorType type, int rows, int columns, int seed, bool extreme = false)
    {
        var random = new Random(seed);
        var tensor = NativeBuffer.Allocate("w", type, rows, columns);
        for (var row = 0; row < rows; row++)
        {
            var values = Enumerable.Range(0, columns).Select(_ => extreme ? (row % 2 == 0 ? 1f : -1f) : (2 * random.NextSingle()) - 1).ToArray();
            BlockCodec.Encode(type, values, new Span<byte>(tensor.Data + (row * tensor.RowBytes), (int)tensor.RowBytes));
        }

        return tensor;
    }

    private static float[] Random(int length, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1).ToArray();
    }
}
