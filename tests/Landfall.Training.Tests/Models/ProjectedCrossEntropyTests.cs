using TorchSharp;
using static TorchSharp.torch;

namespace Landfall.Training.Models;

public sealed class ProjectedCrossEntropyTests
{
    /// <summary>The vocabulary is so large that the rows do not fit one chunk.</summary>
    [Theory]
    [InlineData(7, 30, true, true)]
    [InlineData(300, 60_000, true, true)]
    [InlineData(9, 30, false, true)]
    [InlineData(9, 30, true, false)]
    public void Sum_AndGradients_AreThoseOfLibtorchsCrossEntropy(int rows, int vocabulary, bool ofHidden, bool ofWeight)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4, CPU);
        var hidden = randn(rows, 8, generator: generator).requires_grad_(ofHidden);
        var weight = randn(vocabulary, 8, generator: generator).requires_grad_(ofWeight);
        var targets = randint(0, vocabulary, [rows], ScalarType.Int64, generator: generator);
        var (sameHidden, sameWeight) = (hidden.detach().clone().requires_grad_(ofHidden), weight.detach().clone().requires_grad_(ofWeight));

        var sum = ProjectedCrossEntropy.Sum(hidden, weight, targets, ScalarType.Float32);
        var expected = nn.functional.cross_entropy(sameHidden.matmul(sameWeight.t()), targets, reduction: nn.Reduction.Sum);
        Assert.Empty(sum.shape);
        Assert.Equal(expected.item<float>(), sum.item<float>(), 1e-5 * expected.item<float>());
        (sum / 3).backward();
        (expected / 3).backward();
        AssertClose(sameHidden.grad, hidden.grad);
        AssertClose(sameWeight.grad, weight.grad);
    }

    [Fact]
    public void Sum_WithoutGradients_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var (hidden, weight) = (randn(5, 8), randn(20, 8, requires_grad: true));
        var targets = tensor(new long[] { 0, 19, 3, 4, 3 });
        var sum = ProjectedCrossEntropy.Sum(hidden, weight, targets, ScalarType.Float32);
        using var gradients = no_grad();
        var without = ProjectedCrossEntropy.Sum(hidden, weight, targets, ScalarType.Float32);
        Assert.False(without.requires_grad);
        Assert.Equal(sum.item<float>(), without.item<float>());
    }

    private static void AssertClose(Tensor? expected, Tensor? found)
    {
        Assert.Equal(expected is null, found is null);
        if (expected is not null)
        {
            // Sums over thousands of products differ by their order.
            Assert.Equal(0, (expected - found!).abs().max().item<float>(), 1e-4f * Math.Max(expected.abs().max().item<float>(), 1));
        }
    }
}
