using Landfall.Training.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Landfall.Training.Tuning;

public sealed class AdamWTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Step_SeveralSteps_AgreesWithLibtorch(int threads)
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        try
        {
            set_num_threads(threads);
            var generator = new Generator(11UL);
            var start = new[] { randn([40, 1000], generator: generator), randn([70_000], generator: generator), randn([3], generator: generator) };
            var ours = start.Select(t => t.clone().requires_grad_(true)).ToArray();
            var theirs = start.Select(t => new Parameter(t.clone())).ToArray();
            using var optimiser = new AdamW([.. ours.Select((t, i) => new TrainedTensor($"t{i}", t, Decays: true))], new AdamWSettings { WeightDecay = 0.1 });
            using var reference = optim.AdamW(theirs, lr: 0.01, weight_decay: 0.1);
            for (var step = 0; step < 5; step++)
            {
                var gradients = start.Select(t => randn_like(t) * (step + 1)).ToArray();
                for (var i = 0; i < ours.Length; i++)
                {
                    ours[i].grad = gradients[i].clone();
                    theirs[i].grad = gradients[i].clone();
                }

                var norm = Math.Sqrt(gradients.Sum(g => g.to(ScalarType.Float64).square().sum().item<double>()));
                Assert.Equal(norm, optimiser.GradientNorm(), norm * 1e-6);
                optimiser.Step(0.01);
                reference.step();
                for (var i = 0; i < ours.Length; i++)
                {
                    Assert.True(ours[i].allclose(theirs[i], rtol: 1e-5, atol: 1e-6), $"step {step}, tensor {i}");
                }
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void Step_ATensorThatDoesNotDecay_KeepsItsLength()
    {
        using var scope = NewDisposeScope();
        var (decaying, other) = (ones(100).requires_grad_(true), ones(100).requires_grad_(true));
        using var optimiser = new AdamW([new("a", decaying, Decays: true), new("b", other, Decays: false)], new AdamWSettings { WeightDecay = 0.5 });
        (decaying.grad, other.grad) = (zeros(100), zeros(100));
        optimiser.Step(0.1);
        Assert.Equal(0.95f, decaying[0].item<float>(), 1e-6f);
        Assert.Equal(1f, other[0].item<float>());
    }
}
