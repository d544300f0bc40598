using System.Runtime.InteropServices;
using CsCheck;
using Landfall.Inference.Tensors;
using Landfall.Training.Models;
using static TorchSharp.torch;

namespace Landfall.Training.Quantisation;

public sealed class Nf4Tests
{
    [Fact]
    public void Encode_AnyBlock_TakesTheNearestValueOfEachNumber() =>
        Gen.Float[-4, 4].Array[1, 64].Sample(numbers =>
        {
            var codes = new byte[32];
            var scale = Nf4.Encode(numbers, codes);
            Assert.Equal(numbers.Max(MathF.Abs), scale);
            var decoded = new float[64];
            Nf4.Decode(codes, scale, decoded);
            foreach (var (index, number) in numbers.Index())
            {
                var least = Nf4.Values.Min(value => MathF.Abs((value * scale) - number));
                Assert.Equal(least, MathF.Abs(decoded[index] - number), 1e-6f * Math.Max(scale, 1));
            }
        });

    [Fact]
    public void Encode_Zeros_DecodeToZeros()
    {
        var (codes, decoded) = (new byte[32], new float[64]);
        Nf4.Decode(codes, Nf4.Encode(new float[64], codes), decoded);
        Assert.All(decoded, number => Assert.Equal(0, number));
    }

    [Fact]
    public void Scales_InEightBits_AreHalfAStepAwayAtMost() =>
        Gen.Float[0, 10].Array[1, 700].Sample(scales =>
        {
            var quantised = new DoubleQuantisedScales(scales);
            var step = scales.Max(scale => MathF.Abs(scale - scales.Average())) / 127;
            Assert.All(scales.Index(), scale => Assert.True(MathF.Abs(quantised[scale.Index] - scale.Item) <= (0.501f * step) + 1e-5f));
        });

    [Theory]
    [InlineData(256, 688)]
    [InlineData(48, 20)]
    [InlineData(7, 9)]
    [InlineData(3, 64)]
    public void Decode_AMatrix_IsNearItAndSmall(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var values = Enumerable.Range(0, rows * columns).Select(_ => (float)((random.NextDouble() + random.NextDouble() + random.NextDouble()) * 2 / 3) - 1).ToArray();
        var matrix = new Nf4Matrix(Stored(values, rows, columns));
        var difference = (matrix.Decode(ScalarType.Float32, CPU) - tensor(values).view(rows, columns)).abs();

        // Half the widest gap between values of NF4, times a scale of at most 1, and what the scale lost.
        Assert.True(difference.max().item<float>() < 0.16f);
        Assert.True(difference.mean().item<float>() < 0.04f);
        Assert.True(matrix.Bytes <= (values.Length * 4.2 / 8) + 8);
    }

    [Fact]
    public void Backward_ThroughAQuantisedLayer_IsThatOfTheDecodedMatrix()
    {
        using var scope = NewDisposeScope();
        var values = Enumerable.Range(0, 20 * 12).Select(index => MathF.Sin(index)).ToArray();
        var matrix = new Nf4Matrix(Stored(values, 20, 12));
        using var layer = new QuantisedLinear(matrix, arange(20, dtype: ScalarType.Float32).DetachFromDisposeScope());
        var input = randn(5, 12).requires_grad_(true);
        var dense = input.detach().clone().requires_grad_(true);
        var upstream = randn(5, 20);
        (layer.Forward(input, training: true) * upstream).sum().backward();
        ((dense.matmul(matrix.Decode(ScalarType.Float32, CPU).t()) + arange(20)) * upstream).sum().backward();
        Assert.True((input.grad! - dense.grad!).abs().max().item<float>() < 1e-5f);
    }

    private static unsafe Landfall.Inference.Tensors.Tensor Stored(float[] values, int rows, int columns)
    {
        var stored = NativeBuffer.Allocate("matrix", TensorType.F32, rows, columns);
        MemoryMarshal.AsBytes<float>(values).CopyTo(new Span<byte>(stored.Data, (int)stored.Bytes));
        return stored;
    }
}
