namespace Landfall.Inference.Kernels;

public sealed unsafe class VectorMathTests
{
    private static readonly int[] Lengths = [1, 3, 7, 16, 17, 33, 64, 100, 512];

    [Fact]
    public void RmsNorm_AllLengths_AsDefined()
    {
        foreach (var length in Lengths)
        {
            var (input, weight, output) = (Random(length, 1), Random(length, 2), new float[length]);
            VectorMath.RmsNorm(input, weight, 1e-5f, output);
            var scale = 1 / Math.Sqrt(input.Sum(x => (double)x * x / length) + 1e-5);
            AssertClose(input.Select((x, i) => x * scale * weight[i]), output, 1e-5);
        }
    }

    [Fact]
    public void LayerNorm_AllLengths_AsDefined()
    {
        foreach (var length in Lengths)
        {
            var (input, weight, bias) = (Random(length, 1), Random(length, 2), Random(length, 3));
            var mean = input.Average(x => (double)x);
            var scale = 1 / Math.Sqrt(input.Average(x => (x - mean) * (x - mean)) + 1e-5);
            var expected = input.Select((x, i) => ((x - mean) * scale * weight[i]) + bias[i]).ToArray();
            VectorMath.LayerNorm(input, weight, bias, 1e-5f, input);
            AssertClose(expected, input, 1e-5);
        }
    }

    [Fact]
    public void Softmax_MaskedAndLarge_SumsToOne()
    {
        float[] values = [float.NegativeInfinity, 1000f, 999f, -1000f, float.NegativeInfinity];
        VectorMath.Softmax(values);
        AssertClose([0, 1 / (1 + Math.Exp(-1)), 1 / (1 + Math.E), 0, 0], values, 1e-6);
        VectorMath.Softmax([]);
    }

    [Fact]
    public void SiluMultiply_AllLengths_AsDefined()
    {
        foreach (var length in Lengths)
        {
            var (gate, up) = (Random(length, 1, 20f), Random(length, 2));
            var expected = gate.Select((x, i) => x / (1 + Math.Exp(-x)) * up[i]).ToArray();
            VectorMath.SiluMultiply(gate, up);
            AssertClose(expected, gate, 2e-6);
        }
    }

    [Fact]
    public void SiluMultiply_Extremes_StayFinite()
    {
        float[] gate = [-200f, 200f, -88f, 0f, -0f];
        VectorMath.SiluMultiply(gate, [1f, 1f, 1f, 1f, 1f]);
        AssertClose([0, 200, 0, 0, 0], gate, 1e-6);
    }

    // Oracle: numerical integration of the normal density.
    [Fact]
    public void Gelu_AllLengths_AsDefined()
    {
        foreach (var length in Lengths)
        {
            var values = Random(length, 1, 6f);
            var expected = values.Select(x => x * NormalDistribution(x)).ToArray();
            VectorMath.Gelu(values);
            AssertClose(expected, values, 1e-6);
        }
    }

    [Fact]
    public void GeluTanh_AllLengths_AsDefined()
    {
        foreach (var length in Lengths)
        {
            var values = Random(length, 1, 6f);
            var expected = values.Select(x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))).ToArray();
            VectorMath.GeluTanh(values);
            AssertClose(expected, values, 2e-6);
        }
    }

    [Fact]
    public void Rotate_BothLayouts_TurnComplexNumbers()
    {
        foreach (var pairs in new[] { 1, 4, 16, 20, 32, 64 })
        {
            var head = Random((2 * pairs) + 3, 1);
            var angles = Random(pairs, 2, 3f);
            var (cosines, sines) = (angles.Select(MathF.Cos).ToArray(), angles.Select(MathF.Sin).ToArray());
            var (halves, neighbours) = (head.ToArray(), head.ToArray());
            VectorMath.RotateHalves(halves, cosines, sines);
            VectorMath.RotatePairs(neighbours, cosines, sines);
            for (var pair = 0; pair < pairs; pair++)
            {
                var turn = System.Numerics.Complex.FromPolarCoordinates(1, angles[pair]);
                var half = new System.Numerics.Complex(head[pair], head[pair + pairs]) * turn;
                var neighbour = new System.Numerics.Complex(head[2 * pair], head[(2 * pair) + 1]) * turn;
                AssertClose([half.Real, half.Imaginary], [halves[pair], halves[pair + pairs]], 1e-6);
                AssertClose([neighbour.Real, neighbour.Imaginary], [neighbours[2 * pair], neighbours[(2 * pair) + 1]], 1e-6);
            }

            Assert.Equal(head[^3..], halves[^3..]);
            Assert.Equal(head[^3..], neighbours[^3..]);
        }
    }

    [Fact]
    public void Exp_WholeRange_IsWithinTwoUnits()
    {
        CheckExp<Float4>(KernelPath.Portable);
        CheckExp<Float8>(KernelPath.Avx2);
        CheckExp<Float16>(KernelPath.Avx512);
    }

    // All halves, subnormal ones included, against the framework's conversion.
    [Fact]
    public void LoadHalf_AllHalves_IsExact()
    {
        CheckHalves<Float4>(KernelPath.Portable);
        CheckHalves<Float8>(KernelPath.Avx2);
        CheckHalves<Float16>(KernelPath.Avx512);
    }

    private static void CheckExp<TVector>(KernelPath path)
        where TVector : struct, IFloatVector<TVector>
    {
        Assert.SkipUnless(KernelPaths.IsSupported(path), "not on this processor");
        var result = stackalloc float[TVector.Width];
        for (var x = -87f; x < 88f; x += 0.01f)
        {
            VectorLoops<TVector>.Exp(TVector.Create(x)).Store(result);
            Assert.True(Math.Abs(result[TVector.Width - 1] - Math.Exp(x)) <= 2.4e-7 * Math.Exp(x), $"exp({x}) = {result[0]}");
        }
    }

    private static void CheckHalves<TVector>(KernelPath path)
        where TVector : struct, IFloatVector<TVector>
    {
        Assert.SkipUnless(KernelPaths.IsSupported(path), "not on this processor");
        var halves = stackalloc ushort[TVector.Width];
        var result = stackalloc float[TVector.Width];
        for (var bits = 0; bits < 65536; bits += TVector.Width)
        {
            for (var index = 0; index < TVector.Width; index++)
            {
                halves[index] = (ushort)(bits + index);
            }

            TVector.LoadHalf(halves).Store(result);
            for (var index = 0; index < TVector.Width; index++)
            {
                var half = BitConverter.UInt16BitsToHalf(halves[index]);
                Assert.True(result[index] == (float)half || !Half.IsFinite(half));
                Assert.Equal(result[index], FloatBits.FromHalf(halves[index]));
            }
        }
    }

    private static double NormalDistribution(double x)
    {
        const int Steps = 2000;
        var width = (x + 12) / Steps;
        var sum = 0.0;
        for (var step = 0; step <= Steps; step++)
        {
            var at = -12 + (step * width);
            sum += Math.Exp(-0.5 * at * at) * (step is 0 or Steps ? 1 : step % 2 == 1 ? 4 : 2);
        }

        return sum * width / 3 / Math.Sqrt(2 * Math.PI);
    }

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<float> actual, double tolerance) =>
        Assert.All(expected.Zip(actual), pair => Assert.True(
            Math.Abs(pair.First - pair.Second) <= tolerance * (1 + Math.Abs(pair.First)), $"{pair.Second} where {pair.First} is expected"));

    private static float[] Random(int length, int seed, float scale = 1f)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, length).Select(_ => ((2 * random.NextSingle()) - 1) * scale).ToArray();
    }
}
